import { existsSync } from "node:fs";
import { readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Claim } from "./ledger.ts";

const ROOT = "/sys/fs/cgroup";

/**
 * Removes the control groups of a site's containers, in one tree or in one per controller: below the site's own
 * group what Docker has made, and in a group that all Podmans share those of containers in the site's folder.
 */
export async function removeControlGroups({ number, folder }: Claim): Promise<void> {
  const shared = (await podmanContainers(folder)).flatMap((id) => [`libpod-${id}`, `libpod-conmon-${id}`]);
  const names = [`olympus-${number}`, ...shared.map((name) => join("libpod_parent", name))];
  const controllers = await readdir(ROOT).catch(() => [] as string[]);
  for (const place of ["", ...controllers]) {
    for (const name of names) await removeGroup(join(ROOT, place, name));
    // Stay while another Podman has containers there.
    for (const name of ["conmon", ""]) await rmdir(join(ROOT, place, "libpod_parent", name)).catch(() => {});
  }
}

async function podmanContainers(folder: string): Promise<string[]> {
  const hosts = await readdir(folder).catch(() => [] as string[]);
  const stores = hosts.map((host) => join(folder, host, "containers/storage/overlay-containers"));
  const found = await Promise.all(stores.map((store) => readdir(store).catch(() => [] as string[])));
  return found.flat().filter((id) => /^[0-9a-f]{64}$/.test(id));
}

async function removeGroup(group: string): Promise<void> {
  // It is busy until the kernel has buried the last of its processes.
  for (let tries = 0; tries < 50 && existsSync(group); tries++) {
    await removeTree(group);
    if (existsSync(group)) await sleep(100);
  }
}

/** What a control group holds cannot be deleted, but the group can. */
async function removeTree(group: string): Promise<void> {
  const entries = await readdir(group, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(group, entry.name));
  await rmdir(group).catch(() => {});
}
