import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { jsonSchema, tenantsJsonSchema } from "../../files/jsonSchema.ts";
import { kind, optionsOf } from "../../files/kind.ts";
import { tenantsReference } from "../../files/reference.ts";
import { releasesFile } from "../../files/releases.ts";
import { stackConfig } from "../../files/stack.ts";
import { tenantsFile } from "../../files/tenants.ts";

const root = join(import.meta.dirname, "../..");
const committed = (path: string) => readFileSync(join(root, path), "utf8");

describe("what is generated is committed", () => {
  test("tenants.schema.json (stale? `npm run schema`)", () => {
    expect(committed("tenants.schema.json")).toBe(tenantsJsonSchema());
  });

  test("docs/tenants.md (stale? `npm run schema`)", () => {
    expect(committed("docs/tenants.md")).toBe(tenantsReference());
  });

  test("the script says so", { timeout: 60_000 }, () => {
    const run = execFileSync(process.execPath, ["--import", "tsx", "cli/schema.ts", "--check"], {
      cwd: root,
      encoding: "utf8",
    });
    expect(run).toBe("tenants.schema.json, docs/tenants.md: up to date\n");
  });
});

interface Described {
  readonly path: string;
  readonly schema: z.ZodType;
}

/** Every schema of a file, each under its path. */
function schemasOf(schema: unknown, path: string): Described[] {
  if (!(schema instanceof z.ZodType)) return [];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return schemasOf(schema.unwrap(), path);
  const here = [{ path, schema }];
  if (schema instanceof z.ZodObject) {
    return [
      ...here,
      ...Object.entries(schema.shape).flatMap(([key, inner]) => schemasOf(inner, `${path}.${key}`)),
    ];
  }
  if (schema instanceof z.ZodRecord)
    return [...here, ...schemasOf(schema.keyType, `${path}.*`), ...schemasOf(schema.valueType, `${path}.*`)];
  if (schema instanceof z.ZodArray) return [...here, ...schemasOf(schema.element, `${path}[]`)];
  if (schema instanceof z.ZodUnion)
    return [...here, ...optionsOf(schema).flatMap((option) => schemasOf(option, path))];
  return here;
}

const all = [
  ...schemasOf(tenantsFile, "tenants.yaml:"),
  ...schemasOf(releasesFile, "releases.yaml:"),
  ...schemasOf(stackConfig, "olympus:"),
];
// `none` or `mode: acme` is its own explanation.
const explained = all.filter(({ schema }) => !(schema instanceof z.ZodLiteral));

describe("each field of all files", () => {
  test("is looked at", () => {
    expect(all.length).toBeGreaterThan(100);
  });

  test("has a sentence for the editor and the reference", () => {
    const silent = explained.filter(({ schema }) => !/^.{8,}[.`](\*\*)?$/s.test(schema.description ?? ""));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test("has examples, since messages tell people to write them, and all are right", () => {
    const wrong = explained.flatMap(({ path, schema }) => {
      const examples = [schema.meta()?.examples].flat();
      const refused = examples.filter((example) => !schema.safeParse(example).success);
      return refused.map((example) => `${path}: ${JSON.stringify(example)}`);
    });
    expect(wrong).toEqual([]);
  });

  test("keeps the reference's tables whole", () => {
    expect(
      explained.filter(({ schema }) => schema.description?.includes("|")).map(({ path }) => path),
    ).toEqual([]);
  });
});

test("an editor's pattern never refuses what the check accepts", () => {
  // The pattern is for editors, the judge decides; an editor that is stricter would be lying.
  const samples = [
    "acme",
    "a",
    "3m",
    "a-b",
    "192MiB",
    "1.5GiB",
    "0.5GiB",
    "a@b.co",
    "ops+x@bigcorp.example.com",
    "O'Hara@x.org",
    "login.bigcorp.com",
    "xn--bcher-kva.example",
  ];
  const stricter = all.flatMap(({ path, schema }) => {
    const pattern = schema.meta()?.pattern;
    if (typeof pattern !== "string") return [];
    const lying = samples.filter(
      (sample) => schema.safeParse(sample).success && !new RegExp(pattern, "u").test(sample),
    );
    return lying.map((sample) => `${path}: ${sample}`);
  });
  expect(stricter).toEqual([]);
});

describe("the JSON schema", () => {
  const schema = JSON.stringify(jsonSchema(tenantsFile));

  test("refuses unknown keys in every map", () => {
    const maps = all.filter(
      ({ path, schema }) => path.startsWith("tenants.yaml") && schema instanceof z.ZodObject,
    );
    expect(maps.length).toBeGreaterThan(8);
    expect(schema.match(/"additionalProperties":false/g)?.length).toBeGreaterThanOrEqual(maps.length - 1);
  });

  test("does not offer what a later version brings", () => {
    for (const word of ["dual", "backup"]) expect(schema).not.toContain(`"${word}"`);
  });

  test("offers the words of every choice", () => {
    for (const word of [
      "small",
      "medium",
      "large",
      "public",
      "confidential",
      "none",
      "active",
      "suspended",
      "retired",
      "single",
    ]) {
      expect(schema).toContain(`"${word}"`);
    }
  });

  test("has no kind of value that the messages have no words for", () => {
    const kinds = new Set(all.flatMap(({ schema }) => optionsOf(schema).map(kind)));
    expect([...kinds].sort()).toEqual([
      "a list",
      "a map",
      "a number",
      "a whole number",
      "text",
      "true or false",
    ]);
  });
});

test("the reference names every field of tenants.yaml", () => {
  const reference = tenantsReference();
  for (const { path } of all) {
    const field = path.split(/[.:]/).at(-1) ?? "";
    if (/^\w+$/.test(field)) expect(reference).toContain(`\`${field}\``);
  }
});
