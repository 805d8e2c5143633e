import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { cached, contentKey } from "../cached.ts";
import { type Entry, tarChunks } from "./tar.ts";

export interface Layer {
  /** `sha256:…` of the archive. Layers are not compressed: they travel over loopback only. */
  readonly digest: string;
  readonly size: number;
  readonly file: string;
}

/**
 * A layer in the cache.
 *
 * @param recipe  the source file that lists the entries: an edit there packs again
 * @param parts   what else the entries depend on, such as the paths of parts (which are named by content)
 */
export async function layer(
  name: string,
  recipe: string,
  parts: readonly string[],
  entries: () => Promise<readonly Entry[]>,
): Promise<Layer> {
  const packer = ["tar.ts", "entries.ts"].map((file) => join(import.meta.dirname, file));
  const key = await contentKey([recipe, ...packer], ...parts);
  const folder = await cached(`layer-${name}`, key, async (folder) => {
    const made = await pack(await entries(), join(folder, "layer.tar"));
    await writeFile(join(folder, "layer.json"), JSON.stringify(made));
  });
  const { digest, size } = JSON.parse(await readFile(join(folder, "layer.json"), "utf8"));
  return { digest, size, file: join(folder, "layer.tar") };
}

async function pack(entries: readonly Entry[], file: string): Promise<Pick<Layer, "digest" | "size">> {
  const hash = createHash("sha256");
  let size = 0;
  await pipeline(
    tarChunks(entries),
    async function* (chunks) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(file, { highWaterMark: 1 << 20 }),
  );
  return { digest: `sha256:${hash.digest("hex")}`, size };
}
