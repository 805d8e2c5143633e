import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { UsageError } from "./command.ts";

/**
 * Writes a file that somebody may be reading: they get the old one or the new one, never half of it, and one that cannot be
 * written leaves the old one.
 *
 * @param option that names the file, for the message
 * @param file   as the shell means it: npm has changed the working directory to the project's
 * @throws UsageError where it cannot be written
 */
export function writeWhole(option: string, file: string, text: string): void {
  try {
    replace(resolve(process.env.INIT_CWD ?? ".", file), text);
  } catch (error) {
    // Without the call and its paths, one of which is the scratch file's.
    const why = error instanceof Error ? error.message.replace(/, \w+ '.*$/s, "") : String(error);
    throw new UsageError(`${option} ${file}: cannot be written (${why}).`);
  }
}

function replace(named: string, text: string): void {
  const found = statSync(named, { throwIfNoEntry: false });
  // /dev/stdout, or a pipe: nothing that another file may take the place of.
  if (found !== undefined && !found.isFile()) {
    writeFileSync(named, text);
    return;
  }
  const path = found === undefined ? named : realpathSync(named);
  // Not `.prom` at the end: the node exporter would read it.
  const scratch = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    writeFileSync(scratch, text);
    renameSync(scratch, path);
  } finally {
    rmSync(scratch, { force: true });
  }
}
