import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { cacheDir } from "./paths.ts";

/** Every file below `path` (or `path` itself), sorted, so that a digest does not depend on the disk's order. */
async function filesBelow(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** A digest of names and contents of all files given (folders: recursively), plus `extra` such as a version. */
export async function contentKey(paths: readonly string[], ...extra: string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of await filesBelow(path)) {
      hash.update(`${relative(dirname(path), file)}\0`).update(await readFile(file));
    }
  }
  for (const part of extra) hash.update(`\0${part}`);
  return hash.digest("hex").slice(0, 16);
}

/** The folder that an earlier call of `cached` has made. */
export function inCache(name: string, key: string): string | undefined {
  const target = join(cacheDir, `${name}-${key}`);
  return existsSync(target) ? target : undefined;
}

/**
 * A folder in the cache, named after what it was made from. `make` fills an empty folder that takes its final
 * name only when all went well, so a run that is killed leaves nothing half done and the next one resumes.
 */
export async function cached(
  name: string,
  key: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const found = inCache(name, key);
  if (found) return found;
  const target = join(cacheDir, `${name}-${key}`);
  await mkdir(cacheDir, { recursive: true });
  const scratch = await mkdtemp(join(cacheDir, `.${name}-`));
  try {
    await make(scratch);
    // Where another run made the same folder meanwhile, its copy is as good and may be in use already.
    await rename(scratch, target).catch((error) => {
      if (!existsSync(target)) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return target;
}
