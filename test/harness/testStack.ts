import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureRegistry } from "../../lab/docker/registry.ts";
import { ensureImages, type LabImages } from "../../lab/images/images.ts";
import { projectDir } from "../../lab/paths.ts";
import { fileBackend } from "../../lab/stack/backend.ts";
import { FleetStack } from "../../lab/stack/fleetStack.ts";
import { labReleases } from "../../lab/stack/releases.ts";
import { ensurePulumi } from "../../lab/toolchain/pulumi.ts";

type Values = Readonly<Record<string, unknown>>;

/** A stack with its files, configuration and state in a temporary folder, ready for a run. */
export interface TestStack {
  readonly folder: string;
  readonly stack: FleetStack;
  readonly images: LabImages;
  /** What the configuration lays over Pulumi.dev.yaml. */
  readonly config: Values;
}

/**
 * @param tenants text of the fleet file
 * @param config more of the namespace `olympus`, the hosts above all
 */
export async function prepareStack(tenants: string, config: Values): Promise<TestStack> {
  const folder = await mkdtemp(join(tmpdir(), "olympus-test-"));
  const images = await ensureImages(await ensureRegistry());
  const releases = await readFile(join(projectDir, "releases.yaml"), "utf8");
  await writeFile(join(folder, "releases.yaml"), labReleases(releases, images));
  await writeFile(join(folder, "tenants.yaml"), tenants);
  const all = {
    tenantsFile: join(folder, "tenants.yaml"),
    releasesFile: join(folder, "releases.yaml"),
    ...config,
  };
  const toolchain = await ensurePulumi();
  const backend = await fileBackend(folder);
  const stack = await FleetStack.open({ name: "test", folder, toolchain, backend, config: all });
  return { folder, stack, images, config: all };
}
