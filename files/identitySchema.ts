import { Ajv, type ErrorObject } from "ajv";
import { RE2JS } from "re2js";
import { kratosMetaSchema } from "./kratosMetaSchema.ts";
import { shown } from "./pasted.ts";
import { isMap, type Path, valueAt } from "./path.ts";
import type { Finding } from "./problem.ts";
import { isLoop } from "./schemaLoop.ts";
import { didYouMean } from "./suggestion.ts";

/** What Kratos's reader takes as `$schema`, letter by letter (ory/jsonschema: compiler.go). */
const drafts = ["07", "06", "04"].map((draft) => `http://json-schema.org/draft-${draft}/schema#`);

// Formats are Kratos's own affair; keywords that JSON Schema does not know are allowed, as there.
const judge = new Ajv({ strict: false, allErrors: true, verbose: true, validateFormats: false }).compile(
  kratosMetaSchema,
);

/** Everything for which Kratos would not start with an identity schema, or fail at the first person. */
export function identitySchemaFindings(schema: unknown): Finding[] {
  return [...draftFindings(schema), ...metaFindings(schema), ...walked(schema, [], schema)];
}

function draftFindings(schema: unknown): Finding[] {
  const draft = isMap(schema) ? schema.$schema : undefined;
  if (draft === undefined || (typeof draft === "string" && drafts.includes(draft))) return [];
  const fault = `${shown(draft)} is not a draft of JSON Schema that Kratos knows`;
  return [{ at: ["$schema"], fault, remedy: `Write ${drafts[0]}.` }];
}

/** Of several complaints about one place the one that says most. */
function metaFindings(schema: unknown): Finding[] {
  if (judge(schema)) return [];
  const errors = (judge.errors ?? []).filter(({ keyword }) => !["if", "allOf"].includes(keyword));
  const byPlace = new Map<string, Finding>();
  for (const error of errors) {
    const isOfAlternatives = errors.some(
      (one) => one.keyword === "anyOf" && one.instancePath === error.instancePath,
    );
    if (isOfAlternatives && error.keyword !== "enum") continue;
    const finding = findingOf(error);
    const place = JSON.stringify(finding.at);
    if (!byPlace.has(place)) byPlace.set(place, finding);
  }
  return [...byPlace.values()];
}

function findingOf({ instancePath, keyword, params, message, data, parentSchema }: ErrorObject): Finding {
  const at = steps(instancePath);
  const of = isMap(parentSchema) ? parentSchema : {};
  switch (keyword) {
    case "enum":
    case "const": {
      const known = keyword === "enum" ? of.enum : [of.const];
      const words = Array.isArray(known) ? known.map(String) : [];
      const fault = `${shown(data)} is not ${words.length === 1 ? words[0] : `one of ${words.join(", ")}`}`;
      return { at, fault, remedy: didYouMean(String(data), words, `Write ${words.join(" or ")}.`) };
    }
    case "type":
      return {
        at,
        fault: `must be ${kinds[String(of.type)] ?? of.type}, and is ${kindOf(data)}`,
        remedy: `Write ${kindExamples[String(of.type)] ?? "what JSON Schema's draft 7 says"}.`,
      };
    case "required":
      return { at, fault: `has no ${params.missingProperty}`, remedy: "Write it, as docs/tenants.md shows." };
    case "additionalProperties": {
      const key = String(params.additionalProperty);
      const known = Object.keys(isMap(of.properties) ? of.properties : {});
      const otherwise = `Write one of ${known.join(", ")}, or remove it.`;
      return {
        at: [...at, key],
        fault: "Kratos knows no such key here",
        remedy: didYouMean(key, known, otherwise),
      };
    }
    case "minProperties":
      return {
        at,
        fault: "is empty, and a person needs at least one field",
        remedy: "Write one, as docs/tenants.md shows.",
      };
    default:
      return { at, fault: message ?? keyword, remedy: "Write what JSON Schema's draft 7 says." };
  }
}

const kinds: Readonly<Record<string, string>> = {
  object: "a map",
  array: "a list",
  string: "text",
  boolean: "true or false",
  number: "a number",
  integer: "a whole number",
};

/** How JSON has them. */
const kindExamples: Readonly<Record<string, string>> = {
  object: "{ } with what belongs into it",
  array: "[ ] with what belongs into it",
  string: "it in double quotes",
  boolean: "true or false, without quotes",
  number: "a number, without quotes",
  integer: "a whole number, without quotes",
};

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "a map";
  return typeof value === "string" ? `the text ${shown(value)}` : String(value);
}

/** What the meta-schema cannot see: references that lead out or nowhere, and patterns that are not Go's. */
function walked(node: unknown, at: Path, root: unknown): Finding[] {
  if (Array.isArray(node)) return node.flatMap((item, index) => walked(item, [...at, index], root));
  if (!isMap(node)) return [];
  // Below `properties` keys are names that people chose.
  const isSchema = at.at(-1) !== "properties" && at.at(-1) !== "definitions";
  const own = isSchema ? [...referenceFindings(node, at, root), ...patternFindings(node, at)] : [];
  return [...own, ...Object.entries(node).flatMap(([key, inner]) => walked(inner, [...at, key], root))];
}

function referenceFindings(node: Record<string, unknown>, at: Path, root: unknown): Finding[] {
  const reference = node.$ref;
  if (typeof reference !== "string") return [];
  const here = [...at, "$ref"];
  const remedy = 'Write the part into this file, below "definitions", and "#/definitions/NAME" here.';
  if (!/^#(\/|$)/.test(reference)) {
    return [
      {
        at: here,
        fault: `${shown(reference)} leads out of the file, and Kratos would have to fetch it`,
        remedy,
      },
    ];
  }
  const target = (written: string) => valueAt(root, pointed(written.slice(1), root));
  if (target(reference) === undefined)
    return [{ at: here, fault: `${shown(reference)} leads nowhere`, remedy }];
  if (!isLoop(node, target)) return [];
  const fault = `${shown(reference)} leads back to itself, and Kratos would crash at the first person`;
  return [{ at: here, fault, remedy: "Write what the value is, in place of one of the references." }];
}

function patternFindings(node: Record<string, unknown>, at: Path): Finding[] {
  const named = isMap(node.patternProperties) ? Object.keys(node.patternProperties) : [];
  const patterns: (readonly [Path, string])[] = [
    ...(typeof node.pattern === "string" ? [[[...at, "pattern"], node.pattern] as const] : []),
    ...named.map((pattern) => [[...at, "patternProperties", pattern], pattern] as const),
  ];
  return patterns.flatMap(([path, pattern]) => {
    const why = patternFault(pattern);
    if (why === undefined) return [];
    const fault = `${shown(pattern)} is not a pattern that Kratos can read (${why})`;
    return [
      { at: path, fault, remedy: "Write it without lookahead, lookbehind and back references: Go's RE2." },
    ];
  });
}

function patternFault(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return String(error instanceof Error ? error.message : error).replace(/^error parsing regexp: /, "");
  }
}

/** The steps of a JSON pointer; those into lists as numbers, as paths have them. */
function pointed(pointer: string, root: unknown): Path {
  const path: (string | number)[] = [];
  for (const step of pointer.split("/").slice(1)) {
    const name = decoded(step).replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(Array.isArray(valueAt(root, path)) ? Number(name) : name);
  }
  return path;
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

const steps = (instancePath: string): Path =>
  instancePath
    .split("/")
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll("~1", "/").replaceAll("~0", "~")));
