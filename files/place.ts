import type { Path } from "./path.ts";

/** Where something stands in a file. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A file as plain data that still knows where everything stands. */
export interface Source {
  readonly value: unknown;
  /** Of the key, or of its nearest parent when the key is missing. */
  readonly place: (path: Path) => Place | undefined;
  /** The path as messages print it. */
  readonly label: (path: Path) => string;
  /** A scalar as it stands in the file: `2026.10`, which YAML reads as the number 2026.1. */
  readonly written: (path: Path) => string | undefined;
}
