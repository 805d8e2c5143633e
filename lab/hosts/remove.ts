import { existsSync } from "node:fs";
import { readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startTime } from "../docker/processes.ts";
import {
  abandonedSites,
  type Claim,
  recordedProcesses,
  releaseClaim,
  removeForgottenFolders,
  takeOver,
} from "./ledger.ts";
import { Network } from "./network.ts";

/**
 * Removes a site by what is written down about it: processes, network, control groups, folder, number. Works on
 * one that was never finished, on one whose owner was killed, and twice.
 */
export async function removeSite(claim: Claim): Promise<void> {
  await endProcesses(claim);
  await new Network(claim.number).remove();
  await removeControlGroups(`olympus-${claim.number}`);
  await releaseClaim(claim);
}

/**
 * Removes the sites of runs that are gone without having closed them.
 *
 * @returns how many there were
 */
export async function removeAbandonedSites(): Promise<number> {
  let count = 0;
  for (const claim of await abandonedSites()) {
    // Another run may be at it: whoever came late would remove what bears the number afterwards.
    if (!(await takeOver(claim))) continue;
    await removeSite(claim);
    count++;
  }
  await removeForgottenFolders();
  return count;
}

/** The first process of a host takes the host's others with it, and their mounts. */
async function endProcesses(claim: Claim): Promise<void> {
  const pids = [...(await recordedProcesses(claim)).values()];
  for (const pid of pids) {
    kill(pid);
    // Most lead a group.
    kill(-pid);
  }
  await Promise.all(pids.map(untilGone));
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}

async function untilGone(pid: number): Promise<void> {
  // One that waits to be buried by its parent holds nothing any more.
  for (let waited = 0; waited < 500 && (await startTime(pid)) !== undefined; waited++) await sleep(20);
}

/** The groups of the containers, in one tree or in one per controller. */
async function removeControlGroups(name: string): Promise<void> {
  const root = "/sys/fs/cgroup";
  const controllers = await readdir(root).catch(() => [] as string[]);
  for (const place of ["", ...controllers]) {
    const folder = join(root, place, name);
    // A group is busy until the kernel has buried the last of its processes.
    for (let tries = 0; tries < 50 && existsSync(folder); tries++) {
      await removeTree(folder);
      if (existsSync(folder)) await sleep(100);
    }
  }
}

/** What a control group holds cannot be deleted, but the group can. */
async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  await rmdir(folder).catch(() => {});
}
