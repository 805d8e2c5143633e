import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from "yaml";
import { child, isMap as isRecord, keysOf, valueAt } from "../path.ts";
import type { Place } from "../place.ts";
import { readYaml, type TextFile } from "../source.ts";

/** A line of tenants.yaml that asks for another release than before. */
export interface AskedAnew {
  readonly place: Place | undefined;
  /** `tenants.acme.release` */
  readonly path: string;
  /** Undefined where nothing stood there. */
  readonly from: string | undefined;
  readonly to: string;
}

/** The text with other releases asked for. */
export interface Asking {
  readonly text: string;
  readonly changes: readonly AskedAnew[];
}

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * tenants.yaml with other releases for some tenants; every other byte stays, comments, quotes and order too. `defaults.release`
 * is changed where that leaves the fewest lines, otherwise tenants' own entries.
 *
 * @param wanted by tenant, of those that stay as they are too: the default is left alone where one is missing that relies on it
 * @returns undefined where the text is written in a way that cannot be changed without touching more
 */
export function asking(input: TextFile, wanted: ReadonlyMap<string, string>): Asking | undefined {
  const { source, whole } = readYaml(input);
  if (!whole) return undefined;
  const paths = edits(source.value, wanted);
  const document = parseDocument(input.text);
  const splices = paths.map(({ path, to }) => splice(input.text, document.contents, path, to));
  const sure = splices.filter((one) => one !== undefined);
  if (sure.length < splices.length) return undefined;
  // From the end, so that earlier places stay where they are.
  const text = [...sure]
    .sort((a, b) => b.start - a.start)
    .reduce((rest, one) => rest.slice(0, one.start) + one.text + rest.slice(one.end), input.text);
  const after = readYaml({ file: input.file, text }).source;
  if (!isSame(after.value, intended(source.value, paths))) return undefined;
  const changes = paths.map(({ path, to }) => {
    const from = valueAt(source.value, path);
    return {
      place: after.place(path),
      path: source.label(path),
      from: typeof from === "string" ? from : undefined,
      to,
    };
  });
  return { text, changes };
}

interface Edit {
  readonly path: readonly string[];
  readonly to: string;
}

function edits(value: unknown, wanted: ReadonlyMap<string, string>): Edit[] {
  const entries = child(value, "tenants");
  const usual = valueAt(value, ["defaults", "release"]);
  const own = (name: string) => valueAt(entries, [name, "release"]);
  const relying = keysOf(entries).filter((name) => own(name) === undefined);
  const meant = usual === undefined ? undefined : mostMeant(relying, wanted);
  const named = [...wanted].flatMap(([name, to]): Edit[] => {
    const has = own(name) ?? meant ?? usual;
    return has === to ? [] : [{ path: ["tenants", name, "release"], to }];
  });
  return meant === undefined || meant === usual
    ? named
    : [{ path: ["defaults", "release"], to: meant }, ...named];
}

/** What more than half of those who rely on the default are to have; undefined where somebody is among them of whom nobody knows. */
function mostMeant(relying: readonly string[], wanted: ReadonlyMap<string, string>): string | undefined {
  const all = relying.flatMap((name) => wanted.get(name) ?? []);
  if (all.length < relying.length) return undefined;
  return [...new Set(all)].find((one) => all.filter((other) => other === one).length * 2 > all.length);
}

/** The data that the text is to have. */
function intended(value: unknown, paths: readonly Edit[]): unknown {
  const copy = structuredClone(value);
  for (const { path, to } of paths) {
    const [above = "", name = ""] = path;
    const outer = child(copy, above);
    if (!isRecord(outer)) continue;
    const holder = path.length === 2 ? outer : (outer[name] ?? {});
    if (!isRecord(holder)) continue;
    if (path.length === 3) outer[name] = holder;
    holder.release = to;
  }
  return copy;
}

/** Whatever the order of keys. */
function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  }
  if (!isRecord(one) || !isRecord(other)) return one === other;
  const keys = keysOf(one);
  return keys.length === keysOf(other).length && keys.every((key) => isSame(one[key], other[key]));
}

function splice(text: string, root: unknown, path: readonly string[], to: string): Splice | undefined {
  const pair = path
    .slice(0, -1)
    .reduce<Pair | undefined>(
      (above, step) => pairIn(above === undefined ? root : above.value, step),
      undefined,
    );
  const there = pairIn(pair?.value, "release")?.value;
  if (isScalar(there) && there.range) {
    const [start, end] = there.range;
    return { start, end, text: text[start] === "'" ? `'${to.replaceAll("'", "''")}'` : JSON.stringify(to) };
  }
  if (pair === undefined || there !== undefined) return undefined;
  return isMap(pair.value) ? intoMap(text, pair, pair.value, to) : intoNothing(pair, to);
}

const pairIn = (node: unknown, step: string): Pair | undefined =>
  isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;

/** `acme:` with nothing behind it. */
function intoNothing({ value, key }: Pair, to: string): Splice | undefined {
  if (!isScalar(value) || value.value !== null || !value.range || !isScalar(key)) return undefined;
  const [start, end] = value.range;
  return { start, end, text: `${start === end ? " " : ""}{ release: ${JSON.stringify(to)} }` };
}

function intoMap(text: string, { key }: Pair, map: YAMLMap, to: string): Splice | undefined {
  if (!map.range || !isScalar(key) || !key.range) return undefined;
  const [start, end] = map.range;
  const first = map.items[0]?.key;
  if (map.flow) {
    if (first === undefined) return { start, end, text: `{ release: ${JSON.stringify(to)} }` };
    const name = isScalar(first) && first.type === "QUOTE_DOUBLE" ? '"release"' : "release";
    const gap = /^\s/.test(text.slice(start + 1)) ? " " : "";
    return {
      start: start + 1,
      end: start + 1,
      text: `${gap}${name}: ${JSON.stringify(to)},${gap ? "" : " "}`,
    };
  }
  if (!isScalar(first) || !first.range) return undefined;
  // Above the comments of the first field, which stay at that field.
  const line = text.indexOf("\n", key.range[1]) + 1;
  const indent = text.slice(text.lastIndexOf("\n", first.range[0] - 1) + 1, first.range[0]);
  const end_ = text[line - 2] === "\r" ? "\r\n" : "\n";
  return { start: line, end: line, text: `${indent}release: ${JSON.stringify(to)}${end_}` };
}
