import { z } from "zod";
import { refusals } from "./field.ts";
import { shown } from "./pasted.ts";
import { isMap, type Path, valueAt } from "./path.ts";
import type { Fault, Finding } from "./problem.ts";
import { didYouMean } from "./suggestion.ts";

type Issue = z.core.$ZodIssue;

/** What a check needs to know of the file it checks. */
export interface Subject {
  readonly value: unknown;
  /** A scalar as it stands in the file. */
  readonly written: (path: Path) => string | undefined;
}

/** Checks `subject` against `schema`; each complaint in words for people. */
export function findings(schema: z.ZodType, subject: Subject): Finding[] {
  const result = schema.safeParse(subject.value);
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => translated(issue, schema, [], subject));
}

function translated(issue: Issue, base: z.ZodType, above: Path, subject: Subject): Finding[] {
  const steps = issue.path.filter((step) => typeof step !== "symbol");
  const at = [...above, ...steps];
  const schema = schemaAt(base, steps);
  const value = valueAt(subject.value, at);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({ at: [...at, key], ...unknownKey(key, schema) }));
    case "invalid_key":
      return issue.issues.map((inner) => ({
        at,
        fault: inner.message,
        remedy: remedyOf(inner) ?? "Write another name.",
      }));
    case "invalid_union":
      return branch(issue, schema, at, subject);
    case "custom":
      return [{ at, fault: issue.message, remedy: remedyOf(issue) ?? example(schema, at) }];
    default:
      return [{ at, ...(mistyped(value, schema, at, subject) ?? refused(issue, schema, value, at)) }];
  }
}

/** An issue with a value that does not stand in the file. */
function worded(issue: Issue, schema: z.ZodType, at: Path, value: string): Fault | undefined {
  const nested = at.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
  const [first] = translated(issue, schema, at, { value: nested, written: () => undefined });
  return first === undefined ? undefined : { fault: first.fault, remedy: first.remedy };
}

/** Of the alternatives, the one that was meant: the one whose kind of value was written. */
function branch(
  issue: z.core.$ZodIssueInvalidUnion,
  schema: z.ZodType,
  at: Path,
  subject: Subject,
): Finding[] {
  const value = valueAt(subject.value, at);
  if (schema instanceof z.ZodDiscriminatedUnion && isMap(value)) return [discriminated(schema, at, value)];
  const options = optionsOf(schema);
  const meant = options.findIndex((option) => hasKind(option, value));
  const option = options[meant];
  const inner = issue.errors[meant];
  if (option === undefined || inner === undefined) {
    return [{ at, ...(mistyped(value, schema, at, subject) ?? notWanted(value, schema, at)) }];
  }
  return inner.flatMap((found) => translated(found, option, at, subject));
}

function discriminated(schema: z.ZodDiscriminatedUnion, at: Path, value: Record<string, unknown>): Finding {
  const key = schema.def.discriminator;
  const known = optionsOf(schema).flatMap((option) => {
    const literal = schemaAt(option, [key]);
    return literal instanceof z.ZodLiteral ? [...literal.values].map(String) : [];
  });
  const refusal = refusals.get(schema)?.values?.[String(value[key])];
  if (refusal !== undefined) return { at: [...at, key], ...refusal };
  const choice = `Write ${key}: ${known.join(` or ${key}: `)}.`;
  if (value[key] === undefined) return { at: [...at, key], fault: "is missing", remedy: choice };
  const fault = `${shown(value[key])} is not one of ${known.join(", ")}`;
  return { at: [...at, key], fault, remedy: didYouMean(String(value[key]), known, choice) };
}

function unknownKey(key: string, schema: z.ZodType): Fault {
  const refusal = refusals.get(schema)?.keys?.[key];
  if (refusal !== undefined) return refusal;
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return {
    fault: `there is no such key here (there are ${known.join(", ")})`,
    remedy: didYouMean(key, known, "Write one of these, or remove the line."),
  };
}

/** The wrong kind of value, or none. */
function mistyped(value: unknown, schema: z.ZodType, at: Path, subject: Subject): Fault | undefined {
  if (optionsOf(schema).some((option) => hasKind(option, value))) return undefined;
  const write = example(schema, at);
  if (value === undefined) return { fault: "is missing", remedy: write };
  if (value === null) return { fault: "is empty", remedy: `${write.slice(0, -1)}, or remove the line.` };
  const text = subject.written(at);
  const kinds = optionsOf(schema).map(kind);
  if (typeof value !== "string" && text !== undefined && kinds.includes("text")) {
    // What is wrong even in quotes is told right away.
    const inQuotes = schema.safeParse(text).error?.issues[0];
    if (inQuotes !== undefined) return worded(inQuotes, schema, at, text);
    return {
      fault: `YAML does not read ${text} as text`,
      remedy: `Write it in quotes: ${JSON.stringify(text)}.`,
    };
  }
  if (typeof value === "string" && kinds.includes("a list")) {
    const item = shown(value) === "this value" ? "..." : value;
    return { fault: "is a text and must be a list", remedy: `Write ${key(at)}[${item}].` };
  }
  return { fault: `must be ${[...new Set(kinds)].join(" or ")}, and is ${kindOf(value)}`, remedy: write };
}

function refused(issue: Issue, schema: z.ZodType, value: unknown, at: Path): Fault {
  if (issue.code === "too_small" && issue.origin === "array")
    return { fault: "the list is empty", remedy: example(schema, at) };
  if (issue.code === "too_small" && issue.origin === "object")
    return { fault: "the map is empty", remedy: example(schema, at) };
  if (issue.code === "too_small" || issue.code === "too_big") {
    const range =
      schema instanceof z.ZodNumber ? `${schema.minValue} to ${schema.maxValue}` : "the allowed range";
    return { fault: `${shown(value)} is outside ${range}`, remedy: example(schema, at) };
  }
  return notWanted(value, schema, at);
}

function notWanted(value: unknown, schema: z.ZodType, at: Path): Fault {
  const refusal = typeof value === "string" ? refusals.get(schema)?.values?.[value] : undefined;
  if (refusal !== undefined) return refusal;
  const known = optionsOf(schema).flatMap(wordsOf);
  if (known.length === 0) return { fault: `${shown(value)} does not fit`, remedy: example(schema, at) };
  return {
    fault: `${shown(value)} is not one of ${known.join(", ")}`,
    remedy: didYouMean(String(value), known, `Write ${key(at)}${known.join(` or ${key(at)}`)}.`),
  };
}

function remedyOf(issue: unknown): string | undefined {
  if (!isMap(issue) || !isMap(issue.params)) return undefined;
  const remedy = issue.params.remedy;
  return typeof remedy === "string" ? remedy : undefined;
}

/** `Write host: eu-2, for example.` */
function example(schema: z.ZodType, at: Path): string {
  const value = [schema.meta()?.examples].flat()[0];
  if (value === undefined) return `Write ${optionsOf(schema).map(kind).join(" or ")}.`;
  return `Write ${key(at)}${inline(value)}, for example.`;
}

function key(at: Path): string {
  const last = at.at(-1);
  return typeof last === "string" ? `${last}: ` : "";
}

/** A value in YAML's one-line form. */
export function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (isMap(value)) {
    const entries = Object.entries(value).map(([name, inner]) => `${scalar(name)}: ${inline(inner)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }
  return typeof value === "string" ? scalar(value) : String(value);
}

// Quotes where YAML would read a number, or see syntax.
function scalar(text: string): string {
  const isPlain = /^[A-Za-z0-9/][^{}[\],#"']*$/.test(text) && Number.isNaN(Number(text));
  return isPlain && !/: |^(true|false|null)$/.test(text) ? text : JSON.stringify(text);
}

function schemaAt(schema: z.ZodType, steps: Path): z.ZodType {
  return steps.reduce<z.ZodType>((parent, step) => childOf(unwrapped(parent), step), schema);
}

function childOf(parent: z.ZodType, step: string | number): z.ZodType {
  if (parent instanceof z.ZodObject) return asSchema(parent.shape[step]);
  if (parent instanceof z.ZodRecord) return asSchema(parent.valueType);
  if (parent instanceof z.ZodArray) return asSchema(parent.element);
  // Of a union by mode, zod reports the fields of the chosen alternative at the union's own path.
  const option = optionsOf(parent).find((one) => one instanceof z.ZodObject && step in one.shape);
  if (option !== undefined && option !== parent) return childOf(option, step);
  return z.unknown();
}

/** Wrappers say whether a field may be missing or null; its rules are inside. */
export function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return unwrapped(asSchema(schema.unwrap()));
  return schema;
}

function asSchema(schema: unknown): z.ZodType {
  return schema instanceof z.ZodType ? unwrapped(schema) : z.unknown();
}

export function optionsOf(schema: z.ZodType): z.ZodType[] {
  return schema instanceof z.ZodUnion
    ? schema.options.flatMap((option) => optionsOf(asSchema(option)))
    : [schema];
}

function wordsOf(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  return schema instanceof z.ZodLiteral ? [...schema.values].map(String) : [];
}

function kind(schema: z.ZodType): string {
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return "a map";
  if (schema instanceof z.ZodArray) return "a list";
  if (schema instanceof z.ZodNumber) return schema.format === "safeint" ? "a whole number" : "a number";
  if (schema instanceof z.ZodBoolean) return "true or false";
  return "text";
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return "a number";
  if (typeof value === "boolean") return "true or false";
  return isMap(value) ? "a map" : "text";
}

function hasKind(schema: z.ZodType, value: unknown): boolean {
  const found = kindOf(value);
  if (value === undefined || value === null) return false;
  if (kind(schema) === "a whole number") return Number.isInteger(value);
  return kind(schema) === found;
}
