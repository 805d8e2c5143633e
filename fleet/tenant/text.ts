import type { SecretRef } from "../secrets.ts";

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

/** A JSON array of strings; safe because derived secrets hold neither quotes nor backslashes. */
export function jsonList(secrets: readonly SecretRef[]): Text {
  return { parts: ["[", ...secrets.flatMap((s, i) => (i === 0 ? ['"', s, '"'] : [',"', s, '"'])), "]"] };
}

/** Fills the references in. */
export function fill(value: Text, secret: (ref: SecretRef) => string): string {
  if (typeof value === "string") return value;
  return value.parts.map((part) => (typeof part === "string" ? part : secret(part))).join("");
}

/** For plans and diffs: `postgres://kratos:<postgres/kratos/1>@…`. */
export function redacted(value: Text): string {
  return fill(
    value,
    (ref) => `<${ref.from === "root" ? ref.label : ref.from === "stack" ? ref.key : "database"}>`,
  );
}
