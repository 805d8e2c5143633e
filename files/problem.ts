import { visible } from "../fleet/visible.ts";
import type { Fault } from "./fault.ts";
import { redacted } from "./pasted.ts";
import type { Path } from "./path.ts";
import type { Source } from "./place.ts";
/** A fault and the path where it was found. */
export interface Finding extends Fault {
  readonly at: Path;
}

export interface Problem extends Fault {
  /** Missing for stack configuration whose text the caller does not have. */
  readonly place?: { readonly file: string; readonly line: number; readonly column: number } | undefined;
  /** `tenants.bigcorp.host` */
  readonly path: string;
}

export function problem(source: Source, { at, fault, remedy, missingSecret }: Finding): Problem {
  // Anyone who writes a rule quotes names of the file; not each of them thinks of what else may stand there.
  return {
    place: source.place(at),
    path: source.label(at),
    fault: visible(redacted(fault)),
    remedy: visible(redacted(remedy)),
    ...(missingSecret !== undefined && { missingSecret }),
  };
}

export function problemLine({ place, path, fault, remedy }: Problem): string {
  const where = place === undefined ? "" : `${place.file}:${place.line}:${place.column}  `;
  return visible(`${where}${path}: ${fault}. ${remedy}`);
}

/** By file, line and column; the same line once. */
export function sortedProblems(problems: readonly Problem[]): Problem[] {
  const once = new Map(problems.map((found) => [problemLine(found), found]));
  return [...once.values()].sort(
    (a, b) =>
      compare(a.place?.file ?? "", b.place?.file ?? "") ||
      (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
      (a.place?.column ?? 0) - (b.place?.column ?? 0) ||
      compare(a.path, b.path),
  );
}

// Not localeCompare: the order must be the same on every machine.
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Everything that is wrong with the files, one line each. */
export class FleetProblems extends Error {
  readonly #problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const sorted = sortedProblems(problems);
    super(sorted.map(problemLine).join("\n"));
    this.#problems = sorted;
    // Node and Pulumi print `stack` of what nobody catches. The reader needs the lines of their file, not ours.
    this.stack = this.message;
  }

  /** Sorted by file, line and column. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }
}
