import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, link, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { blobPath, referencePath } from "../docker/registryServer.ts";
import type { Layer } from "./layers.ts";

/** The part of an image's configuration that Docker calls `Config`, spelled as in the OCI image specification. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Volumes?: Readonly<Record<string, object>>;
  readonly StopSignal?: string;
  readonly Labels?: Readonly<Record<string, string>>;
}

interface Blob {
  readonly digest: string;
  readonly bytes: Buffer;
}

const MEDIA = "application/vnd.oci.image";
/** Fixed, because a date would give every build another digest. */
const EPOCH = "1970-01-01T00:00:00Z";

/** Puts an image into the registry's folder and returns its digest. The tag is for people; releases pin the digest. */
export async function publish(
  registryDir: string,
  repository: string,
  tag: string,
  layers: readonly Layer[],
  config: ImageConfig,
): Promise<string> {
  const { configuration, manifest } = describe(layers, config);
  for (const { digest, file } of layers) {
    // A link where the file system allows it: the cache then holds each layer once.
    await place(blobPath(registryDir, digest), (path) => link(file, path).catch(() => copyFile(file, path)));
  }
  for (const { digest, bytes } of [configuration, manifest]) {
    await place(blobPath(registryDir, digest), (path) => writeFile(path, bytes));
  }
  // Last, so that a reference never names something that is not there yet.
  await place(referencePath(registryDir, repository, manifest.digest), (path) =>
    writeFile(path, manifest.digest),
  );
  await place(referencePath(registryDir, repository, tag), (path) => writeFile(path, manifest.digest), true);
  return manifest.digest;
}

/**
 * Publishes a changed copy of an image of the registry and returns its reference: another digest over the same
 * layers. For tests of upgrades (a label is change enough) and of releases that fail (another command).
 *
 * @param reference as ensureImages returns it: `host:port/repository@sha256:…`
 */
export async function variantOf(
  registryDir: string,
  reference: string,
  tag: string,
  change: Partial<ImageConfig>,
): Promise<string> {
  const [name = "", digest = ""] = reference.split("@");
  const slash = name.indexOf("/");
  const read = async (digest: string) => JSON.parse(await readFile(blobPath(registryDir, digest), "utf8"));

  const manifest = await read(digest);
  const { config } = await read(manifest.config.digest);
  const layers: Layer[] = manifest.layers.map((layer: Omit<Layer, "file">) => ({
    ...layer,
    file: blobPath(registryDir, layer.digest),
  }));
  const changed = await publish(registryDir, name.slice(slash + 1), tag, layers, { ...config, ...change });
  return `${name}@${changed}`;
}

/** The two JSON documents of an image; their bytes depend on nothing but the arguments. */
export function describe(
  layers: readonly Pick<Layer, "digest" | "size">[],
  config: ImageConfig,
): { configuration: Blob; manifest: Blob } {
  const configuration = blob({
    architecture: "amd64",
    os: "linux",
    created: EPOCH,
    config,
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
    history: layers.map(() => ({ created: EPOCH, created_by: "olympus-fleet lab" })),
  });
  const manifest = blob({
    schemaVersion: 2,
    mediaType: `${MEDIA}.manifest.v1+json`,
    config: {
      mediaType: `${MEDIA}.config.v1+json`,
      digest: configuration.digest,
      size: configuration.bytes.length,
    },
    layers: layers.map(({ digest, size }) => ({ mediaType: `${MEDIA}.layer.v1.tar`, digest, size })),
  });
  return { configuration, manifest };
}

function blob(document: object): Blob {
  const bytes = Buffer.from(JSON.stringify(document));
  return { digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`, bytes };
}

/** Makes a file under another name first, so that the running registry never serves half of it. */
async function place(path: string, make: (path: string) => Promise<void>, replace = false): Promise<void> {
  if (existsSync(path) && !replace) return;
  await mkdir(dirname(path), { recursive: true });
  const scratch = `${path}.${randomUUID()}`;
  await make(scratch);
  await rename(scratch, path);
}
