import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { execa } from "execa";
import { cacheDir } from "../paths.ts";
import { LabError } from "../progress.ts";
import { toolFault } from "./faults.ts";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Output that means failure, for tools that end with 0 all the same. */
  readonly failure?: RegExp;
}

/** Runs a build tool to its end and returns its output; a failure becomes a message with a remedy. */
export async function run(tool: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { failure, ...where } = options;
  const result = await execa(tool, args, { ...where, reject: false, stdin: "ignore" });
  const output = `${result.stderr ?? ""}\n${result.stdout ?? ""}`;
  if (result.exitCode === 0 && !failure?.test(output)) return result.stdout;
  throw new LabError(toolFault(tool, args, result.code, output, await freeMiB()));
}

/** Room left where the cache is, or will be: the first build on a machine may fail before it has a folder. */
export async function freeMiB(folder = cacheDir): Promise<number> {
  if (!existsSync(folder)) return freeMiB(dirname(folder));
  const { bavail, bsize } = await statfs(folder);
  return Math.floor((bavail * bsize) / 2 ** 20);
}
