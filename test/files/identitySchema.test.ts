import { describe, expect, test } from "vitest";
import { lines, tenantsText } from "../fleet/fleetInput.ts";
import { identitySchemas } from "./identitySchemas.ts";

describe.each(identitySchemas)("$what", ({ schema, messages = [] }) => {
  test(messages.length === 0 ? "is taken" : "is refused at its place", () => {
    const text = JSON.stringify(schema, null, 2);
    const told = lines({ schemaTexts: () => text });
    // `$ref` is no plain word to print as a step of a path.
    const plain = told.map((line) =>
      line.replace(/^schemas\/staff\.json:\d+:\d+ {2}/, "").replaceAll('["$ref"]', ".$ref"),
    );
    expect(plain.map((line) => line.replace(/^\["\$schema"\]/, "$schema"))).toEqual(messages);
  });
});

test("the place is the file's own, and two tenants with one schema hear of it once", () => {
  const text =
    '{\n  "properties": {\n    "traits": { "properties": { "email": { "type": "strng" } } }\n  }\n}\n';
  const tenants = tenantsText.replace("host: eu-1", "host: eu-1\n    schemas: { staff: schemas/staff.json }");
  expect(lines({ tenants, schemaTexts: () => text })).toEqual([
    'schemas/staff.json:3:44  properties.traits.properties.email.type: "strng" is not one of ' +
      "array, boolean, integer, null, number, object, string. Did you mean string?",
  ]);
});
