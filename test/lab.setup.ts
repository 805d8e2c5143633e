import { execa } from "execa";
import { managedBy } from "../fleet/names.ts";
import { ensureDocker, stopDocker } from "../lab/docker/engine.ts";
import { ensureRegistry, stopRegistry } from "../lab/docker/registry.ts";
import { ensureImages } from "../lab/images/images.ts";
import { LabError } from "../lab/progress.ts";
import { ensurePulumi } from "../lab/toolchain/pulumi.ts";

/** Physical names are fixed, so one fleet at a time can live on an engine. */
async function refuseAnotherFleet(dockerHost: string): Promise<void> {
  const { stdout } = await execa(
    "docker",
    ["ps", "--all", "--filter", `label=olympus-fleet.managed-by=${managedBy}`, "--format", "{{.Names}}"],
    { env: { DOCKER_HOST: dockerHost } },
  );
  if (stdout.trim() === "") return;
  throw new LabError(
    `A fleet already runs on ${dockerHost} (${stdout.split("\n").slice(0, 3).join(", ")}, …), and tests need the ` +
      "engine to themselves. Remove it with npm run demo -- down, or name another engine in DOCKER_HOST.",
  );
}

/** Brings the lab up once for all files of a project, and afterwards ends what it has started. */
export async function setup(): Promise<() => Promise<void>> {
  const hadEngine = await execa("docker", ["version"], { reject: false }).then(
    ({ exitCode }) => exitCode === 0,
  );
  const engine = await ensureDocker();
  await refuseAnotherFleet(engine.host);
  const registry = await ensureRegistry();
  await ensureImages(registry);
  await ensurePulumi();
  return async () => {
    if (hadEngine) return;
    await stopRegistry();
    await stopDocker();
  };
}
