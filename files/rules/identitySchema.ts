import type { Fault } from "../fault.ts";
import { fault } from "../files.ts";
import { isMap } from "../path.ts";
import type { Rule } from "./rule.ts";

/** Identity schemas exist and are what Kratos can take. */
export const identitySchema: Rule = ({ tenants, entries, input }) =>
  entries.flatMap(({ at, written }) =>
    Object.entries(written.schemas ?? {}).flatMap(([id, path]) => {
      const what = schemaFault(path, input.schemaTexts(path));
      return what === undefined ? [] : [fault(tenants, [...at, "schemas", id], what)];
    }),
  );

function schemaFault(path: string, text: string | undefined): Fault | undefined {
  if (text === undefined) {
    return {
      fault: `there is no file ${path}`,
      remedy: "Write the path from the folder of tenants.yaml, or add the file.",
    };
  }
  const schema = parsed(text);
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
