import { isMap } from "./path.ts";

/** Where a schema says something of the same value once more. */
const ofSameValue = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"];

/**
 * Whether judging a value by `schema` would judge the same value by it again, and so for ever: Kratos ends with a stack overflow
 * at the first person (seen with ory/jsonschema v3.0.8). A reference from below `properties` or `items` is none of these: it is
 * for another value.
 *
 * @param target what a reference leads to
 */
export function isLoop(schema: unknown, target: (reference: string) => unknown): boolean {
  const seen = new Set<unknown>();
  const next = (node: unknown): unknown[] => {
    if (!isMap(node)) return [];
    // What stands beside a reference counts for nothing, up to draft 7.
    const inner =
      typeof node.$ref === "string" ? [target(node.$ref)] : ofSameValue.flatMap((keyword) => node[keyword]);
    return inner.filter(isMap);
  };
  const open = next(schema);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === schema) return true;
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...next(node));
  }
  return false;
}
