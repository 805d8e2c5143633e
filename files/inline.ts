import { isMap } from "./path.ts";

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
