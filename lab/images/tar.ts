/**
 * Tar archives whose bytes depend on nothing but names and contents: sorted, mtime 0, numeric owners from the
 * entry rather than from the disk. So the same inputs give the same image digest, on any machine and as any user.
 */
export interface Entry {
  /** Without a leading slash. Parents are added by {@link tarChunks} where no entry names them. */
  readonly path: string;
  /** @default 0o755 for folders and links, else what the file asks for */
  readonly mode?: number;
  /** @default 0 */
  readonly uid?: number;
  /** @default the uid */
  readonly gid?: number;
  readonly body:
    | { readonly kind: "folder" }
    | { readonly kind: "link"; readonly to: string }
    | {
        readonly kind: "file";
        readonly size: number;
        read(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
      };
}

const BLOCK = 512;

/** The archive, piece by piece, so that a layer of 100 MB never has to fit in memory. */
export async function* tarChunks(entries: readonly Entry[]): AsyncGenerator<Uint8Array> {
  for (const entry of complete(entries)) {
    yield header(entry);
    if (entry.body.kind !== "file") continue;
    let written = 0;
    for await (const chunk of entry.body.read()) {
      written += chunk.length;
      yield chunk;
    }
    if (written !== entry.body.size) throw new Error(`${entry.path} changed while it was packed`);
    yield new Uint8Array(-written & (BLOCK - 1));
  }
  yield new Uint8Array(2 * BLOCK);
}

/** Sorts, adds missing parents, and refuses two entries of one name. */
function complete(entries: readonly Entry[]): Entry[] {
  const byPath = new Map<string, Entry>();
  for (const entry of entries) {
    if (byPath.has(entry.path)) throw new Error(`two entries for ${entry.path}`);
    byPath.set(entry.path, entry);
  }
  for (const { path } of entries) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const parent = path.slice(0, end);
      if (!byPath.has(parent)) byPath.set(parent, { path: parent, body: { kind: "folder" } });
    }
  }
  // By code unit, not by locale; a parent sorts before what is in it because it is a prefix.
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

const TYPE = { file: "0", link: "2", folder: "5" } as const;

/** One POSIX ustar header. */
function header({ path, mode = 0o755, uid = 0, gid = uid, body }: Entry): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  const text = (value: string, offset: number, length: number) => {
    if (Buffer.byteLength(value) > length) throw new Error(`too long for a tar header: ${value}`);
    block.write(value, offset);
  };
  const octal = (value: number, offset: number, length: number) =>
    text(`${value.toString(8).padStart(length - 1, "0")}\0`, offset, length);

  const [prefix, name] = splitName(body.kind === "folder" ? `${path}/` : path);
  text(name, 0, 100);
  octal(mode, 100, 8);
  octal(uid, 108, 8);
  octal(gid, 116, 8);
  octal(body.kind === "file" ? body.size : 0, 124, 12);
  octal(0, 136, 12); // mtime
  text(TYPE[body.kind], 156, 1);
  text(body.kind === "link" ? body.to : "", 157, 100);
  text("ustar\u000000", 257, 8);
  octal(0, 329, 8); // device numbers: zero, but present
  octal(0, 337, 8);
  text(prefix, 345, 155);

  // The checksum counts its own field as spaces.
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** ustar holds 100 bytes of name and, before a slash, 155 more. */
function splitName(path: string): [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= 100) return ["", path];
  const slash = path.indexOf("/", Buffer.byteLength(path) - 101);
  return slash < 1 ? ["", path] : [path.slice(0, slash), path.slice(slash + 1)];
}
