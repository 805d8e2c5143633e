import type { Fault } from "../fault.ts";
import { fault } from "../files.ts";
import { identitySchemaFindings } from "../identitySchema.ts";
import { isMap } from "../path.ts";
import { problem } from "../problem.ts";
import { readYaml } from "../source.ts";
import type { Rule } from "./rule.ts";

/** Identity schemas exist and are what Kratos can take. What is wrong inside one is told at its line of its own file. */
export const identitySchema: Rule = ({ tenants, entries, input }) =>
  entries.flatMap(({ at, written }) =>
    Object.entries(written.schemas ?? {}).flatMap(([id, path]) => {
      const text = input.schemaTexts(path);
      const schema = parsed(text ?? "");
      const what = schemaFault(path, text, schema);
      if (what !== undefined || text === undefined) {
        return what === undefined ? [] : [fault(tenants, [...at, "schemas", id], what)];
      }
      // JSON is YAML, which knows where everything stands.
      const { source } = readYaml({ file: `${input.label ?? ""}${path}`, text });
      return identitySchemaFindings(schema).map((finding) => problem(source, finding));
    }),
  );

function schemaFault(path: string, text: string | undefined, schema: unknown): Fault | undefined {
  if (text === undefined) {
    return {
      fault: `there is no file ${path}`,
      remedy: "Write the path from the folder of tenants.yaml, or add the file.",
    };
  }
  if (schema === undefined) {
    return {
      fault: `${path} is not JSON`,
      remedy: "Write JSON: double quotes around names, no comments, no comma behind the last.",
    };
  }
  const properties = isMap(schema) ? schema.properties : undefined;
  if (!isMap(properties) || !isMap(properties.traits)) {
    return {
      fault: `${path} has no properties.traits, where Kratos looks for a person's fields`,
      remedy: "Write one, as docs/tenants.md shows.",
    };
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
