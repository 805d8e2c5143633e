import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from "yaml";
import { type Path, printedPath } from "./path.ts";
import type { Place, Source } from "./place.ts";
import { type Problem, problem } from "./problem.ts";
import { aliasFault, conflictFault, keyFault, mergeFault, syntaxFault, tellingErrors } from "./syntax.ts";

/** A text that the caller has read, under the name that messages give it. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** A source of which the caller has the text. */
export interface TextSource extends Source {
  readonly file: string;
  readonly text: string;
  readonly placeOf: (offset: number) => Place;
  /** The deepest path that starts at or before `offset`. */
  readonly pathOf: (offset: number) => Path;
}

export interface Read {
  readonly source: TextSource;
  readonly problems: readonly Problem[];
  /** False when the text is not YAML: what was read is then only good for places. */
  readonly whole: boolean;
  /** What has been reported and has no value of its own: further problems there would be echoes. */
  readonly reported: readonly Path[];
}

/** Reads YAML 1.2. Never throws: everything that is wrong with the text is a problem. */
export function readYaml(input: TextFile): Read {
  const { file, text } = input;
  const lines = linesOf(text);
  const found: Found = { faults: [], reported: [] };
  const parsed = attempt(() => {
    const document: Document = parseDocument(text, { prettyErrors: false });
    return { document, value: plain(document.contents, [], found) };
  });
  const source = yamlSource(input, parsed?.document, lines, parsed?.value);
  if (parsed === undefined) {
    const fault = "is nested too deeply to be read";
    return {
      source,
      problems: [problem(source, { at: [], fault, remedy: tooDeep })],
      whole: false,
      reported: [],
    };
  }
  const conflicts = [...text.matchAll(/^<{7}(?: .*)?$/gm)].map(({ index }) => ({
    place: placeAt(file, lines, index),
    path: file,
    ...conflictFault,
  }));
  if (conflicts.length > 0) return { source, problems: conflicts, whole: false, reported: [] };
  const { errors, warnings, contents } = parsed.document;
  const syntax = tellingErrors([...errors, ...warnings]).map((error) => ({
    offset: error.pos[0],
    at: [],
    ...syntaxFault(error.code, error.message),
  }));
  const problems = [...syntax, ...found.faults].map(({ offset, at, fault, remedy }) => ({
    place: placeAt(file, lines, offset),
    path: at.length > 0 ? printedPath(at) : neighbourhood(contents, offset) || file,
    fault,
    remedy,
  }));
  // A duplicate key leaves the rest readable; everything else makes guesses of what follows.
  const whole = errors.every((error) => error.code === "DUPLICATE_KEY");
  return { source, problems, whole, reported: found.reported };
}

/** Counted here: where a text is not YAML, the parser passes over line ends. */
function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  for (let start = 0, end = 0; end !== -1; start = end + 1) {
    lines.addNewLine(start);
    end = text.indexOf("\n", start);
  }
  return lines;
}

const tooDeep = "Write it in plain block style, as docs/tenants.md shows.";

interface PlacedFault {
  readonly offset: number;
  readonly at: Path;
  readonly fault: string;
  readonly remedy: string;
}

/** The parser and the walk recurse: nesting by the thousand ends the stack rather than the text. */
function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function yamlSource(
  { file, text }: TextFile,
  document: Document | undefined,
  lines: LineCounter,
  value: unknown,
): TextSource {
  return {
    file,
    text,
    placeOf: (offset) => placeAt(file, lines, offset),
    pathOf: (offset) => pathAt(document?.contents, offset),
    value,
    label: (path) => printedPath(path) || file,
    place: (path) => placeAt(file, lines, offsetOf(document?.contents, path)),
    written: (path) => {
      const node = nodeAt(document?.contents, path);
      return isScalar(node) ? node.source : undefined;
    },
  };
}

function placeAt(file: string, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

interface Found {
  readonly faults: PlacedFault[];
  readonly reported: Path[];
}

/** The document as data. `toJS` would follow aliases, and turn `2026.10` as a key into "2026.1". */
function plain(node: unknown, at: Path, found: Found): unknown {
  if (isAlias(node)) {
    found.faults.push({ offset: start(node), at, ...aliasFault(node.source) });
    found.reported.push(at);
    return undefined;
  }
  if (isSeq(node)) return node.items.map((item, index) => plain(item, [...at, index], found));
  if (isMap(node)) {
    const entries = node.items.flatMap((pair) => entry(pair, at, found));
    return Object.fromEntries(entries);
  }
  return isScalar(node) ? node.value : null;
}

function entry({ key, value }: Pair, at: Path, found: Found): [string, unknown][] {
  const offset = start(key);
  if (!isScalar(key)) {
    found.faults.push({ offset, at, ...keyFault(undefined) });
    return [];
  }
  if (key.value === "<<" && key.type === "PLAIN") {
    found.faults.push({ offset, at, ...mergeFault });
    return [];
  }
  const name = keyText(key);
  if (typeof key.value !== "string" || name === "__proto__" || name === "") {
    found.faults.push({ offset, at, ...keyFault(name) });
  }
  if (name === "__proto__" || name === "") return [];
  // An unquoted 2026.10 goes on under the name that was meant, so that what refers to it is not wrong as well.
  return [[name, plain(value, [...at, name], found)]];
}

function keyText(key: unknown): string {
  if (!isScalar(key)) return "";
  return typeof key.value === "string" ? key.value : (key.source ?? "");
}

function start(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

function isNode(node: unknown): node is Node {
  return isMap(node) || isSeq(node) || isScalar(node) || isAlias(node);
}

function pairAt(node: unknown, step: string | number): { key: unknown; value: unknown } | undefined {
  if (isMap(node)) return node.items.find(({ key }) => keyText(key) === step);
  if (isSeq(node) && typeof step === "number" && step < node.items.length) {
    return { key: node.items[step], value: node.items[step] };
  }
  return undefined;
}

function nodeAt(node: unknown, path: Path): unknown {
  return path.reduce((parent, step) => pairAt(parent, step)?.value, node);
}

function offsetOf(root: unknown, path: Path): number {
  let node = root;
  let offset = start(root);
  for (const step of path) {
    const pair = pairAt(node, step);
    if (pair === undefined) break;
    offset = start(pair.key);
    node = pair.value;
  }
  return offset;
}

/** The deepest path whose key stands at or before `offset`: names the neighbourhood of a syntax error. */
function pathAt(root: unknown, offset: number): Path {
  const path: (string | number)[] = [];
  for (let node = root; ; ) {
    const last = stepsOf(node).findLast(({ key }) => start(key) <= offset);
    if (last === undefined) return path;
    path.push(last.step);
    node = last.value;
  }
}

/** No path of these files is longer. */
const deepest = 8;

/** The path of a syntax error; where lines ran together, `ring stable size` is no key. */
function neighbourhood(root: unknown, offset: number): string {
  const path = pathAt(root, offset);
  const broken = path.findIndex((step) => typeof step === "string" && /\s/.test(step));
  return printedPath(path.slice(0, broken === -1 ? deepest : Math.min(broken, deepest)));
}

function stepsOf(node: unknown): { step: string | number; key: unknown; value: unknown }[] {
  if (isSeq(node)) return node.items.map((item, step) => ({ step, key: item, value: item }));
  if (!isMap(node)) return [];
  return node.items.map(({ key, value }) => ({ step: keyText(key), key, value }));
}
