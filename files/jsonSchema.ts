import { z } from "zod";
import { tenantsFile } from "./tenants.ts";

/** The fleet file's JSON schema, for completion and hover text in editors. */
export function tenantsJsonSchema(): string {
  const schema = z.toJSONSchema(tenantsFile, {
    ...inDraft7,
    // Editors offer examples as completions, a map or a list as "[object Object]".
    override: ({ jsonSchema: written }) => {
      if (Array.isArray(written.examples)) {
        written.examples = written.examples.filter((example) => typeof example !== "object");
        if (written.examples.length === 0) delete written.examples;
      }
    },
  });
  return `${JSON.stringify({ ...schema, title: "Olympus Fleet: tenants.yaml" }, null, 2)}\n`;
}

// What people write, hence the input side.
const inDraft7 = { io: "input", target: "draft-7" } as const;

/** Draft 7 is what editors' language servers know best. */
export function jsonSchema(schema: z.ZodType): z.core.JSONSchema.JSONSchema {
  return z.toJSONSchema(schema, inDraft7);
}
