import { z } from "zod";
import type { Fault } from "./fault.ts";
import { refusals } from "./field.ts";
import { inline } from "./inline.ts";
import { hasKind, kind, kindOf, optionsOf, schemaAt, wordsOf } from "./kind.ts";
import { isSecret, shown } from "./pasted.ts";
import { isMap, type Path, printedPath, valueAt } from "./path.ts";
import type { Finding } from "./problem.ts";
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
  const found = result.error.issues.flatMap((issue) => translated(issue, schema, [], subject));
  // A mistyped key is one mistake: that the right one is missing follows from it.
  const meant = new Set(found.map(({ at, remedy }) => printedPath([...at.slice(0, -1), remedy])));
  return found.filter(
    ({ at, fault }) =>
      fault !== "is missing" || !meant.has(printedPath([...at.slice(0, -1), `Did you mean ${at.at(-1)}?`])),
  );
}

function translated(issue: Issue, base: z.ZodType, above: Path, subject: Subject): Finding[] {
  const steps = issue.path.filter((step) => typeof step !== "symbol");
  const at = [...above, ...steps];
  const value = valueAt(subject.value, at);
  const written = schemaAt(base, steps);
  const schema = meantBy(value, written) ?? written;
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
      return issue.discriminator === undefined
        ? branch(issue, written, at, subject)
        : [{ at, ...discriminated(schemaAt(base, steps.slice(0, -1)), issue.discriminator, value) }];
    case "custom":
      return [{ at, fault: issue.message, remedy: remedyOf(issue) ?? example(schema, at) }];
    default:
      return [{ at, ...(mistyped(value, written, at, subject) ?? refused(issue, schema, value, at)) }];
  }
}

/** Of the alternatives, the one that was meant: the one whose kind of value was written. */
function branch(
  issue: z.core.$ZodIssueInvalidUnion,
  schema: z.ZodType,
  at: Path,
  subject: Subject,
): Finding[] {
  const value = valueAt(subject.value, at);
  const options = optionsOf(schema);
  const meant = options.findIndex((option) => hasKind(option, value));
  const option = options[meant];
  const inner = issue.errors[meant];
  if (option === undefined || inner === undefined) {
    return [{ at, ...(mistyped(value, schema, at, subject) ?? notWanted(value, schema, at)) }];
  }
  // Words are judged against all alternatives: what is not `none` may have been meant as a map.
  if (typeof value === "string") return [{ at, ...notWanted(value, schema, at) }];
  return inner.flatMap((found) => translated(found, option, at, subject));
}

/** The alternative that a value was written for. */
function meantBy(value: unknown, schema: z.ZodType): z.ZodType | undefined {
  if (!(schema instanceof z.ZodUnion)) return undefined;
  const options = optionsOf(schema).filter((option) => hasKind(option, value));
  if (!(schema instanceof z.ZodDiscriminatedUnion) || !isMap(value)) return options[0];
  const key = schema.def.discriminator;
  return options.find((option) => wordsOf(schemaAt(option, [key])).includes(String(value[key])));
}

function discriminated(schema: z.ZodType, name: string, value: unknown): Fault {
  const known = optionsOf(schema).flatMap((option) => wordsOf(schemaAt(option, [name])));
  const refusal = refusalOf(schema, "values", String(value));
  if (refusal !== undefined) return refusal;
  const choice = `Write ${name}: ${known.join(` or ${name}: `)}.`;
  if (value === undefined) return { fault: "is missing", remedy: choice };
  const fault = `${shown(value)} is ${noneOf(known)}`;
  return { fault, remedy: didYouMean(String(value), known, choice) };
}

function unknownKey(key: string, schema: z.ZodType): Fault {
  const refusal = refusalOf(schema, "keys", key);
  if (refusal !== undefined) return refusal;
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const odd = /(?! )\p{Zs}/u.exec(key)?.[0];
  if (odd !== undefined) {
    const code = odd.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    return {
      fault: `has spaces in it that are none for YAML (U+${code}), as documents and web pages have them`,
      remedy: `Write ordinary spaces: ${key.replaceAll(/\p{Zs}/gu, " ").trim()}.`,
    };
  }
  const [before = "", ...behind] = key.split(":");
  if (behind.length > 0 && known.includes(before)) {
    return { fault: "there is no space behind the colon", remedy: `Write ${before}: and then the value.` };
  }
  const others = {
    fault: "there is no such key",
    remedy: `Write one of ${known.join(", ")}, or remove the line.`,
  };
  return { fault: others.fault, remedy: didYouMean(key, known, others.remedy) };
}

/** The wrong kind of value, or none. */
function mistyped(value: unknown, schema: z.ZodType, at: Path, subject: Subject): Fault | undefined {
  const options = optionsOf(schema);
  if (options.some((option) => hasKind(option, value))) return undefined;
  const kinds = [...new Set(options.map(kind))];
  const write = example(schema, at);
  if (value === undefined) return { fault: "is missing", remedy: write };
  if (value === null) return { fault: "is empty", remedy: write };
  if (typeof value !== "string" && typeof value !== "object" && kinds.includes("text")) {
    return unquoted(asWritten(value, subject.written(at)), schema, at);
  }
  const [loneKey, ...more] = isMap(value) ? Object.entries(value) : [];
  if (loneKey?.[1] === null && more.length === 0 && kinds.includes("text") && loneKey[0].includes(":")) {
    // `[2001:db8::]`: the last colon makes it a key without a value.
    return unquoted(`${loneKey[0]}:`, schema, at);
  }
  if (typeof value === "string" && kinds.includes("a list")) {
    const item = isSecret(value) ? "..." : value;
    return { fault: "is text and must be a list", remedy: `Write ${key(at)}[${item}].` };
  }
  const isQuoted = typeof value === "string" && schema.safeParse(Number(value)).success;
  return {
    fault: `must be ${kinds.join(" or ")}, and is ${kindOf(value)}`,
    remedy: isQuoted ? `Write ${key(at)}${value} without quotes.` : write,
  };
}

/** Text that YAML takes for a number, true or false. What is wrong even in quotes is told right away. */
function unquoted(text: string, schema: z.ZodType, at: Path): Fault {
  const issue = schema.safeParse(text).error?.issues[0];
  if (issue === undefined) {
    return {
      fault: `YAML does not read ${text} as text`,
      remedy: `Write it in quotes: ${JSON.stringify(text)}.`,
    };
  }
  const nested = at.reduceRight<unknown>((inner, step) => ({ [step]: inner }), text);
  const [first] = translated(issue, schema, at, { value: nested, written: () => undefined });
  return first === undefined ? notWanted(text, schema, at) : { fault: first.fault, remedy: first.remedy };
}

/** `2026.10` rather than 2026.1. The text counts only where it is this value's: configuration has other sources. */
function asWritten(value: unknown, text: string | undefined): string {
  return text !== undefined && (Number(text) === value || text === String(value)) ? text : String(value);
}

function refused(issue: Issue, schema: z.ZodType, value: unknown, at: Path): Fault {
  const write = example(schema, at);
  if (issue.code === "too_small" && issue.origin === "array")
    return { fault: "the list is empty", remedy: write };
  if (issue.code === "too_small" || issue.code === "too_big") {
    const range =
      schema instanceof z.ZodNumber ? `${schema.minValue} to ${schema.maxValue}` : "the allowed range";
    return { fault: `${shown(value)} is outside ${range}`, remedy: write };
  }
  return notWanted(value, schema, at);
}

function notWanted(value: unknown, schema: z.ZodType, at: Path): Fault {
  const options = optionsOf(schema);
  const refusal = typeof value === "string" ? refusalOf(schema, "values", value) : undefined;
  if (refusal !== undefined) return refusal;
  const known = options.flatMap(wordsOf);
  const map = options.find((option) => kind(option) === "a map");
  if (known.length === 0)
    return { fault: `${shown(value)} is not ${options.map(kind).join(" or ")}`, remedy: example(schema, at) };
  const shownMap = map === undefined ? [] : [`${key(at)}${inline(firstExample(map))}`];
  const choices = [...known.map((word) => `${key(at)}${word}`), ...shownMap];
  return {
    fault: `${shown(value)} is ${noneOf(map === undefined ? known : [...known, "a map"])}`,
    remedy: didYouMean(String(value), known, `Write ${choices.join(" or ")}.`),
  };
}

function refusalOf(schema: z.ZodType, of: "keys" | "values", word: string): Fault | undefined {
  const known = refusals.get(schema)?.[of] ?? {};
  // A key may be called `constructor`.
  return Object.hasOwn(known, word) ? known[word] : undefined;
}

function noneOf(choices: readonly string[]): string {
  const [first, second, ...more] = choices;
  if (second === undefined) return `not ${first}`;
  return more.length === 0 ? `neither ${first} nor ${second}` : `not one of ${choices.join(", ")}`;
}

function remedyOf(issue: unknown): string | undefined {
  if (!isMap(issue) || !isMap(issue.params)) return undefined;
  const remedy = issue.params.remedy;
  return typeof remedy === "string" ? remedy : undefined;
}

/** `Write host: eu-2, for example.` */
function example(schema: z.ZodType, at: Path): string {
  const value = firstExample(schema);
  if (value === undefined) return `Write ${key(at)}${optionsOf(schema).map(kind).join(" or ")}.`;
  const text = inline(value);
  if (text.length > 120) return `Write ${key(at) || "it "}as docs/tenants.md shows.`;
  // A whole file has no braces around it.
  return `Write ${key(at)}${at.length === 0 ? text.replace(/^\{ | \}$/g, "") : text}, for example.`;
}

function firstExample(schema: z.ZodType): unknown {
  return [schema.meta()?.examples].flat()[0];
}

function key(at: Path): string {
  const last = at.at(-1);
  return typeof last === "string" ? `${last}: ` : "";
}
