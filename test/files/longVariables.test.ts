import { describe, expect, test } from "vitest";
import { lines, tenant } from "../fleet/fleetInput.ts";

/** As many as it takes, each once. */
const many = (count: number, each: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => each(index)).join(", ");
const label = "x".repeat(60);
const host = (index: number) => `https://app-${index}.${label}.${label}.${label}.example.com`;
const schema = (bytes: number) =>
  JSON.stringify({ description: "x".repeat(bytes), properties: { traits: { properties: { email: {} } } } });
const withSchema = (bytes: number) => ({
  ...tenant("{ schemas: { staff: staff.json } }"),
  schemaTexts: () => schema(bytes),
});

/** Linux takes no variable of more than 128 KiB, and the container would not start: `argument list too long`. */
describe("settings that no container could start with are refused", () => {
  test("identity schemas", () => {
    expect(lines(withSchema(90_000))).toEqual([]);
    expect(lines(withSchema(140_000))).toEqual([
      "tenants.yaml:3:8  tenants.t.schemas: the identity schemas take 185 KiB on their way to Kratos, and Linux starts " +
        "no program with a variable of more than 128 KiB. Shorten them to 90 KiB of JSON in all: spaces and line breaks first.",
    ]);
  });

  test("origins of browsers", () => {
    expect(lines(tenant(`{ cors: [${many(400, host)}] }`))).toEqual([]);
    expect(lines(tenant(`{ cors: [${many(700, host)}] }`))).toEqual([
      "tenants.yaml:3:8  tenants.t.cors: the origins take 146 KiB, and Linux starts no program with a variable of more " +
        "than 128 KiB. Write fewer, or put some of the applications into another tenant.",
    ]);
  });

  const clients = (count: number, uris: (index: number) => string) =>
    tenant(`{ clients: { ${many(count, (index) => `c${index}: { redirectUris: [${uris(index)}] }`)} } }`);

  test("return addresses of clients", () => {
    expect(lines(clients(700, (index) => `${host(index)}/callback`))).toEqual([
      "tenants.yaml:3:8  tenants.t.clients: the origins of its redirect URIs take 146 KiB as Kratos's list of return " +
        "addresses, and Linux starts no program with a variable of more than 128 KiB. Let clients share origins, or put " +
        "some of them into another tenant.",
    ]);
  });

  test("clients beyond what a program takes in all, not those that come in several variables", () => {
    const long = (index: number) => `https://app.example.com/${"x".repeat(1_500)}/${index}`;
    expect(lines(clients(300, long))).toEqual([]);
    const found = lines(clients(1_200, long)).map((line) => line.replace(/with \d+ KiB of/, "with N KiB of"));
    expect(found).toEqual([
      "tenants.yaml:3:8  tenants.t.clients: its bootstrap would start with N KiB of settings, and Linux starts no program " +
        "with more than 1856 KiB. Put some of its clients into another tenant, or make them with Hydra's admin API.",
    ]);
  });
});
