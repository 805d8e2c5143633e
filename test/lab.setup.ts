import { execa } from "execa";
import { ensureDocker, stopDocker } from "../lab/docker/engine.ts";
import { ensureRegistry, stopRegistry } from "../lab/docker/registry.ts";
import { ensureImages } from "../lab/images/images.ts";
import { ensurePulumi } from "../lab/toolchain/pulumi.ts";

/** Brings the lab up once for all files of a project, and afterwards ends what it has started. */
export async function setup(): Promise<() => Promise<void>> {
  const hadEngine = await execa("docker", ["version"], { reject: false }).then(
    ({ exitCode }) => exitCode === 0,
  );
  await ensureDocker();
  const registry = await ensureRegistry();
  await Promise.all([ensureImages(registry), ensurePulumi()]);
  return async () => {
    if (hadEngine) return;
    await stopRegistry();
    await stopDocker();
  };
}
