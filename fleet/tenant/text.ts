import type { RootSecret, SecretRef } from "../secrets.ts";

/**
 * A value that may hold secrets: plain text, or text with references in between. It can be printed, compared
 * and put into a plan; only the component that renders it learns the values.
 */
export type Text = string | { readonly parts: readonly (string | SecretRef)[] };

/** `text\`postgres://kratos:${password}@postgres/kratos\``. */
export function text(
  literals: TemplateStringsArray,
  ...values: readonly (Text | SecretRef | number)[]
): Text {
  const parts: (string | SecretRef)[] = [];
  literals.forEach((literal, index) => {
    parts.push(literal);
    const value = values[index];
    if (value === undefined) return;
    if (typeof value === "number") parts.push(String(value));
    else if (typeof value === "object" && "parts" in value) parts.push(...value.parts);
    else parts.push(value);
  });
  return { parts };
}

/** A secret as a value of a JSON document. A class, so that no map that people write can be taken for one. */
export class JsonSecret {
  readonly ref: RootSecret;

  constructor(ref: RootSecret) {
    this.ref = ref;
  }
}

export type Json =
  | string
  | number
  | boolean
  | null
  | JsonSecret
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * A JSON document with secrets in it. Texts stay texts, whatever they look like. Secrets need no escaping: derived
 * ones hold neither quotes nor backslashes.
 */
export function json(value: Json): Text {
  return { parts: jsonParts(value) };
}

/** A JSON array of secrets. */
export function jsonList(secrets: readonly RootSecret[]): Text {
  return json(secrets.map((ref) => new JsonSecret(ref)));
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function jsonParts(value: Json): (string | SecretRef)[] {
  if (value instanceof JsonSecret) return ['"', value.ref, '"'];
  if (isList(value)) return ["[", ...separated(value.map(jsonParts)), "]"];
  if (typeof value !== "object" || value === null) return [JSON.stringify(value)];
  const entries = Object.entries(value).map(([key, inner]) => [
    `${JSON.stringify(key)}:`,
    ...jsonParts(inner),
  ]);
  return ["{", ...separated(entries), "}"];
}

const separated = (items: readonly (string | SecretRef)[][]) =>
  items.flatMap((item, index) => (index === 0 ? item : [",", ...item]));

/** Fills the references in. */
export function fill(value: Text, secret: (ref: SecretRef) => string): string {
  if (typeof value === "string") return value;
  return value.parts.map((part) => (typeof part === "string" ? part : secret(part))).join("");
}

/** For plans and diffs: `postgres://kratos:<postgres/kratos/1>@…`, and `<root-acme: …>` where the tenant has brought the root key. */
export function redacted(value: Text): string {
  return fill(value, (ref) => `<${nameOf(ref)}>`);
}

function nameOf(ref: SecretRef): string {
  switch (ref.from) {
    case "root":
      return ref.root === undefined ? ref.label : `${ref.root}: ${ref.label}`;
    case "stack":
      return ref.key;
    case "database":
      return "database";
  }
}

/**
 * A long value as several, none longer than `mostBytes`, which joined give it back: Linux takes no argument and no
 * variable of more than 128 KiB (MAX_ARG_STRLEN), however much it takes in all.
 */
export function split(value: Text, mostBytes: number): Text[] {
  const parts = partsOf(value);
  // A character of UTF-16 is at most three bytes of UTF-8.
  const atoms = parts.flatMap((part): readonly (string | SecretRef)[] =>
    typeof part === "string" ? cut(part, Math.floor(mostBytes / 6)) : [part],
  );
  const found: (string | SecretRef)[][] = [[]];
  let used = 0;
  for (const atom of atoms) {
    const bytes = byteLength(atom);
    if (used + bytes > mostBytes) {
      found.push([]);
      used = 0;
    }
    found.at(-1)?.push(atom);
    used += bytes;
  }
  return found.map((parts) => ({ parts }));
}

/** Bytes of a value at most, with its secrets filled in. */
export function longestBytes(value: Text): number {
  return partsOf(value).reduce((sum, part) => sum + byteLength(part), 0);
}

const partsOf = (value: Text): readonly (string | SecretRef)[] =>
  typeof value === "string" ? [value] : value.parts;

/** The longest derived secret is 64 characters; what people set themselves, the address of a mail server, is not long. */
const secretBytes = { root: 64, database: 64, stack: 4096 } as const;

const byteLength = (part: string | SecretRef) =>
  typeof part === "string" ? Buffer.byteLength(part) : secretBytes[part.from];

/** Between characters: half of one would be written as another. */
function cut(whole: string, most: number): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < whole.length; ) {
    const end = from + most;
    const isBetweenHalves = /[\uD800-\uDBFF]/.test(whole.charAt(end - 1));
    const to = isBetweenHalves ? end - 1 : end;
    pieces.push(whole.slice(from, to));
    from = to;
  }
  return pieces;
}
