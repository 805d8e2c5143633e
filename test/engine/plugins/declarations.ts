import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";

/** An interface or class of a .d.ts file: its properties with their types, in one line each. */
export type Declaration = ReadonlyMap<string, string>;

/** The interfaces and classes of a folder's files, by name. */
export async function declarations(folder: string, only: RegExp): Promise<Map<string, Declaration>> {
  const found = new Map<string, Declaration>();
  for (const file of (await readdir(folder, { recursive: true })).filter((name) => only.test(name))) {
    const text = await readFile(join(folder, file), "utf8");
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
    for (const node of source.statements) {
      if (!ts.isInterfaceDeclaration(node) && !ts.isClassDeclaration(node)) continue;
      const members = new Map<string, string>();
      for (const member of node.members) {
        if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) continue;
        const type = member.type?.getText(source).replaceAll(/\s+/g, " ") ?? "";
        members.set(member.name.getText(source), type);
      }
      found.set(node.name?.text ?? "", members);
    }
  }
  return found;
}

/** What of a Pulumi schema says of which type a property is. */
export interface TypeSpec {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: TypeSpec;
  readonly additionalProperties?: TypeSpec;
}

/** The types that the Node SDK would give to inputs. */
export function inputTypes(
  properties: Readonly<Record<string, TypeSpec>> = {},
  required: readonly string[] = [],
): Record<string, string> {
  const types = Object.entries(properties).map(([name, spec]): [string, string] => {
    const optional = required.includes(name) ? "" : " | undefined";
    return [name, `pulumi.Input<${bare(spec)}${optional}>`];
  });
  return Object.fromEntries(types);
}

function bare({ type, $ref, items, additionalProperties }: TypeSpec): string {
  if ($ref) return `inputs.${$ref.split(":").pop()}`;
  if (items) return `pulumi.Input<${bare(items)}>[]`;
  if (additionalProperties) return `{ [key: string]: pulumi.Input<${bare(additionalProperties)}>; }`;
  return type === "integer" ? "number" : (type ?? "");
}
