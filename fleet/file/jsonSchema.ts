import { z } from "zod";
import { tenantsFile } from "./tenants.ts";

/** The fleet file's JSON schema, for completion and hover text in editors. */
export function tenantsJsonSchema(): string {
  const schema = jsonSchema(tenantsFile);
  return `${JSON.stringify({ ...schema, title: "Olympus Fleet: tenants.yaml" }, null, 2)}\n`;
}

/** Draft 7 is what editors' language servers know best. What people write, hence the input side. */
export function jsonSchema(schema: z.ZodType): z.core.JSONSchema.JSONSchema {
  return z.toJSONSchema(schema, { io: "input", target: "draft-7" });
}
