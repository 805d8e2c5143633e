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

describe("references in a circle, for which Kratos crashes at the first person", () => {
  const loops = (definitions: object, email: object = { $ref: "#/definitions/a" }) =>
    lines({
      schemaTexts: () =>
        JSON.stringify({ definitions, properties: { traits: { type: "object", properties: { email } } } }),
    }).map((line) => line.replace(/^\S+ {2}/, ""));
  const told = (at: string, reference: string) =>
    `${at}["$ref"]: "${reference}" leads back to itself, and Kratos would crash at the first person. Write what the value is, in place of one of the references.`;

  test("of one, of two, and by way of allOf", () => {
    expect(loops({ a: { $ref: "#/definitions/a" } })).toEqual([told("definitions.a", "#/definitions/a")]);
    expect(loops({ a: { $ref: "#/definitions/b" }, b: { $ref: "#/definitions/a" } })).toEqual([
      told("definitions.a", "#/definitions/b"),
      told("definitions.b", "#/definitions/a"),
    ]);
    expect(loops({ a: { allOf: [{ type: "string" }, { $ref: "#/definitions/a" }] } })).toEqual([
      told("definitions.a.allOf[1]", "#/definitions/a"),
    ]);
  });

  test("but not of what is another value each time", () => {
    expect(loops({ a: { type: "object", properties: { a: { $ref: "#/definitions/a" } } } })).toEqual([]);
    expect(loops({}, { $ref: "#" })).toEqual([]);
    expect(
      loops({ a: { type: "string" }, b: { $ref: "#/definitions/a" } }, { $ref: "#/definitions/b" }),
    ).toEqual([]);
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
