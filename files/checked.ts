import type { z } from "zod";
import { findings } from "./finding.ts";
import { pastedFault, randomIn, secretIn } from "./pasted.ts";
import { isMap, isWithin, type Path } from "./path.ts";
import type { Source } from "./place.ts";
import { type Finding, type Problem, problem } from "./problem.ts";
import type { Read, TextSource } from "./source.ts";

/** A file after its own check: what is wrong with it, and the rest, which other checks may go on with. */
export interface Checked<Value> {
  readonly source: Source;
  /** The sound part; undefined when nothing can be made of the file. */
  readonly value: Value | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Checks against `schema`, then drops what is wrong and reads the rest with `loose`, so that one run reports what
 * the schema refuses and what only shows when the files are held against each other.
 * @param unit how many steps of a wrong path are dropped: a tenant's field, not the tenant
 */
export function checked<Value>(
  source: Source,
  schema: z.ZodType,
  loose: z.ZodType<Value>,
  unit: (path: Path) => number,
  reported: readonly Path[] = [],
): Checked<Value> {
  const found = findings(schema, source).filter(({ at }) => !reported.some((path) => isWithin(at, path)));
  const wrong = [...found.map(({ at }) => at), ...reported].map((path) => path.slice(0, unit(path)));
  const rest = loose.safeParse(without(source.value, wrong));
  return {
    source,
    value: rest.success ? rest.data : undefined,
    problems: found.map((finding) => problem(source, finding)),
  };
}

/** The same for a text: its syntax, and secrets pasted into it, come first. */
export function checkedText<Value>(
  { source, problems, whole, reported }: Read,
  schema: z.ZodType,
  loose: z.ZodType<Value>,
  unit: (path: Path) => number,
): Checked<Value> {
  const pasted = pastedValues(source.value, [], secretOf);
  const paths = pasted.map(({ at }) => at);
  const secrets = [...pasted.map((finding) => problem(source, finding)), ...pastedLines(source, paths)];
  // Half a file would be judged by what it seems to lack, and a pasted key is not YAML: its own line says enough.
  if (!whole) {
    const lines = new Set(secrets.map(({ place }) => place?.line));
    return {
      source,
      value: undefined,
      problems: [...problems.filter(({ place }) => !lines.has(place?.line)), ...secrets],
    };
  }
  const rest = checked(source, schema, loose, unit, [...reported, ...paths]);
  return { ...rest, problems: [...problems, ...secrets, ...rest.problems] };
}

function secretOf(value: string, at: Path): string | undefined {
  // Digests and commits are random by nature, and only images have them.
  const mayBeRandom = at.some((step) => step === "images" || step === "hostImages");
  return secretIn(value) ?? (mayBeRandom ? undefined : randomIn(value));
}

/**
 * Secrets among the values below `at`.
 * @param secretOf names the secret that a text at a path is, if it is one
 */
export function pastedValues(
  value: unknown,
  at: Path,
  secretOf: (value: string, at: Path) => string | undefined,
): Finding[] {
  if (typeof value === "string") {
    const name = secretOf(value, at);
    return name === undefined ? [] : [{ at, ...pastedFault(name) }];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => pastedValues(item, [...at, index], secretOf));
  }
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => pastedValues(inner, [...at, key], secretOf));
}

/** Secrets in comments, in keys and in a text that is not YAML because of them. */
export function pastedLines(source: TextSource, known: readonly Path[]): Problem[] {
  let offset = 0;
  return source.text.split("\n").flatMap((line) => {
    const start = offset + line.length - line.trimStart().length;
    const end = offset + line.length;
    offset = end + 1;
    const name = secretIn(line);
    if (name === undefined) return [];
    const at = source.pathOf(end);
    if (known.some((path) => isWithin(at, path))) return [];
    const path = line.trimStart().startsWith("#") ? "comment" : source.label(at);
    return [{ place: source.placeOf(start), path, ...pastedFault(name) }];
  });
}

function without(value: unknown, paths: readonly Path[]): unknown {
  if (paths.some((path) => path.length === 0)) return undefined;
  if (Array.isArray(value)) return value;
  if (!isMap(value) || paths.length === 0) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const below = paths.filter(([first]) => first === key).map((path) => path.slice(1));
      return below.some((path) => path.length === 0) ? [] : [[key, without(inner, below)]];
    }),
  );
}
