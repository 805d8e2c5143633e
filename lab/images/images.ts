import { type Registry, registryDir } from "../docker/registry.ts";
import { LabError } from "../progress.ts";
import { baseLayer } from "./base.ts";
import { IMAGE_CONFIG, IMAGE_NAMES, type ImageName } from "./config.ts";
import { diskFault } from "./faults.ts";
import { firewallLayer } from "./firewall.ts";
import type { Layer } from "./layers.ts";
import { debianTree, npmPackages, postgresClients } from "./parts.ts";
import { postgresLayer } from "./postgres/layer.ts";
import type { PostgresMajor } from "./postgres/versions.ts";
import { nodeLayer, programLayers } from "./programs.ts";
import { publish } from "./publish.ts";
import { freeMiB } from "./tools.ts";
import { uiLayer } from "./ui/layer.ts";

/** References by digest, such as `127.0.0.1:5055/olympus-lab/kratos@sha256:…`. */
export type LabImages = Readonly<Record<ImageName, string>>;

const FOLDER = "olympus-lab";

/** Whether a reference or repository, as an engine has it, is of an image that the lab has built. */
export const isLabImage = (reference: string) => reference.includes(`/${FOLDER}/`);

/** Builds what is missing, puts it into the registry's folder, and returns the references. */
export async function ensureImages(registry: Pick<Registry, "address">): Promise<LabImages> {
  if (process.platform !== "linux" || process.arch !== "x64") throw new LabError(WRONG_MACHINE);
  try {
    return await build(registry.address);
  } catch (error) {
    // Tools report a full disk in words, our own writes by this code.
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    throw new LabError(diskFault("The images do not fit on the disk", await freeMiB()));
  }
}

const WRONG_MACHINE =
  `The lab builds images for x86-64 Linux; this is ${process.arch} ${process.platform}. ` +
  "Use the images of an official release instead: name them in releases.yaml.";

async function build(address: string): Promise<LabImages> {
  const layers = await buildLayers();
  const references = IMAGE_NAMES.map(async (name): Promise<[ImageName, string]> => {
    const repository = `${FOLDER}/${name}`;
    const digest = await publish(registryDir, repository, "lab", layers[name], IMAGE_CONFIG[name]);
    return [name, `${address}/${repository}@${digest}`];
  });
  return Object.fromEntries(await Promise.all(references)) as LabImages;
}

/** Downloads and packing run beside the compiler. */
async function buildLayers(): Promise<Record<ImageName, readonly Layer[]>> {
  const debian = debianTree();
  const npm = npmPackages();
  const clients = postgresClients();
  const postgres = (major: PostgresMajor) =>
    Promise.all([npm, clients, debian]).then((parts) => postgresLayer(major, ...parts));
  const [base, postgres18, postgres16, firewall, node, hera, athena, { kratos, hydra, caddy }] =
    await Promise.all([
      debian.then(baseLayer),
      postgres(18),
      postgres(16),
      debian.then(firewallLayer),
      npm.then(nodeLayer),
      uiLayer("hera"),
      uiLayer("athena"),
      programLayers(),
    ]);
  return {
    postgres: [base, postgres18],
    "postgres-16": [base, postgres16],
    kratos: [base, kratos],
    hydra: [base, hydra],
    hera: [base, node, hera],
    athena: [base, node, athena],
    caddy: [base, caddy],
    firewall: [base, firewall],
  };
}
