import type { Files } from "../files.ts";
import type { Problem } from "../problem.ts";

/** One thing that only shows when the files are held against each other. */
export type Rule = (files: Files) => Problem[];
