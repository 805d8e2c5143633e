import { isMap } from "../../files/path.ts";

/** Longer values are cut to what differs. */
const longest = 60;

/** What differs between two values, in words that follow a name: `5 → 9`, `+a −b`, `clients.shop added`. */
export function valueWords(before: unknown, after: unknown): string {
  const words = leaves(parsed(before), parsed(after), "").map(leafWords).filter(Boolean);
  return words.length === 0 ? "changes" : words.join(", ");
}

/** Equal as data; the order of keys does not count. */
export function same(before: unknown, after: unknown): boolean {
  return leaves(before, after, "").length === 0;
}

interface Leaf {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The innermost places where two values differ. */
function leaves(before: unknown, after: unknown, path: string): Leaf[] {
  if (Object.is(before, after)) return [];
  const [left, right] = [keyed(before), keyed(after)];
  if (left === undefined || right === undefined) {
    return isSameList(before, after) ? [] : [{ path, before, after }];
  }
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  return keys.flatMap((key) => leaves(left.get(key), right.get(key), path === "" ? key : `${path}.${key}`));
}

function isSameList(before: unknown, after: unknown): boolean {
  return (
    Array.isArray(before) &&
    Array.isArray(after) &&
    before.length === after.length &&
    before.every((item, index) => same(item, after[index]))
  );
}

/** A map, or a list whose items have names, by key. Lists of plain values are compared as a whole. */
function keyed(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (isMap(value)) return new Map(Object.entries(value));
  if (!Array.isArray(value) || !value.some((item) => typeof item === "object")) return undefined;
  const names = value.map((item) => nameOf(item));
  const isNamed = names.every((name) => name !== undefined) && new Set(names).size === names.length;
  return new Map(value.map((item, index) => [(isNamed && names[index]) || String(index), item]));
}

function nameOf(item: unknown): string | undefined {
  if (!isMap(item)) return undefined;
  const name = item.id ?? item.client_id ?? item.name ?? item.purpose;
  return typeof name === "string" && name !== "" ? name : undefined;
}

/** JSON inside a text is compared as what it says. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function leafWords({ path, before, after }: Leaf): string {
  const named = (words: string) => (path === "" ? words : `${path} ${words}`);
  if (Array.isArray(before) && Array.isArray(after))
    return named(listWords(before.map(shown), after.map(shown)));
  if (before === undefined) return named(isStructure(after) ? "added" : `set to ${cut(shown(after))}`);
  if (after === undefined) return named(isStructure(before) ? "removed" : `no longer ${cut(shown(before))}`);
  const [from, to] = narrowed(shown(before), shown(after));
  return named(from === to ? "changes" : `${from} → ${to}`);
}

const isStructure = (value: unknown) => typeof value === "object" && value !== null;

function listWords(before: readonly string[], after: readonly string[]): string {
  const gone = before.filter((item) => !after.includes(item));
  const come = after.filter((item) => !before.includes(item));
  const settings = gone.flatMap((from) => {
    const name = /^[\w.-]+(?==)/.exec(from)?.[0];
    const to = name === undefined ? undefined : come.find((item) => item.startsWith(`${name}=`));
    return name === undefined || to === undefined ? [] : [{ name, from, to }];
  });
  const words = [
    ...settings.map(
      ({ name, from, to }) => `${name} ${from.slice(name.length + 1)} → ${to.slice(name.length + 1)}`,
    ),
    ...come.filter((item) => !settings.some(({ to }) => to === item)).map((item) => `+${cut(item)}`),
    ...gone.filter((item) => !settings.some(({ from }) => from === item)).map((item) => `−${cut(item)}`),
  ];
  return words.length === 0 ? "in another order or number" : words.join(" ");
}

function shown(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value) ?? "nothing";
  const lines = value.trimEnd().split("\n").length;
  if (lines > 1) return `text of ${lines} lines`;
  if (/^base64:/.test(value)) return "encoded text";
  return value === "" ? "nothing" : value;
}

function cut(text: string): string {
  return text.length <= longest + 20 ? text : `${text.slice(0, longest)}…`;
}

/** Of two long texts what differs, from the last separator before to the next one after. */
function narrowed(before: string, after: string): [string, string] {
  if (Math.max(before.length, after.length) <= longest) return [before, after];
  let head = 0;
  while (head < Math.min(before.length, after.length) && before[head] === after[head]) head++;
  const rest = Math.min(before.length, after.length) - head;
  let tail = 0;
  while (tail < rest && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  while (head > 0 && !isSeparator(before[head - 1])) head--;
  while (tail > 0 && !isSeparator(before.at(-tail))) tail--;
  const middle = (text: string) =>
    `${head > 0 ? "…" : ""}${cut(text.slice(head, text.length - tail))}${tail > 0 ? "…" : ""}`;
  return [middle(before), middle(after)];
}

const isSeparator = (character: string | undefined) =>
  character === undefined || /[\s&?,;"'/]/.test(character);
