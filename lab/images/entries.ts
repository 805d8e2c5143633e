import { createReadStream } from "node:fs";
import { lstat, readdir, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Entry } from "./tar.ts";

type Owner = Pick<Entry, "uid" | "gid" | "mode">;

export const folder = (path: string, owner: Owner = {}): Entry => ({
  path,
  ...owner,
  body: { kind: "folder" },
});

export const link = (path: string, to: string): Entry => ({ path, body: { kind: "link", to } });

/** A file with this text. */
export function text(path: string, content: string, owner: Owner = {}): Entry {
  const bytes = Buffer.from(content);
  return { path, mode: 0o644, ...owner, body: { kind: "file", size: bytes.length, read: () => [bytes] } };
}

/** A file copied from the disk; links are followed, because the image gets only what it names. */
export async function copy(path: string, source: string, owner: Owner = {}): Promise<Entry> {
  const { size, mode } = await stat(source);
  return {
    path,
    mode: mode & 0o100 ? 0o755 : 0o644,
    ...owner,
    body: { kind: "file", size, read: () => createReadStream(source, { highWaterMark: 1 << 20 }) },
  };
}

/** Everything below `source`, at `path`, without what `leave` names (paths relative to `source`). */
export async function tree(path: string, source: string, leave?: RegExp): Promise<Entry[]> {
  const names = await readdir(source, { recursive: true });
  const entries = names
    .filter((name) => !leave?.test(name))
    .map(async (name): Promise<Entry> => {
      const at = join(path, name);
      const from = join(source, name);
      const kind = await lstat(from);
      if (kind.isDirectory()) return folder(at);
      if (kind.isSymbolicLink()) return link(at, await readlink(from));
      return copy(at, from);
    });
  return Promise.all(entries);
}
