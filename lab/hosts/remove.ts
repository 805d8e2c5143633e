import { existsSync } from "node:fs";
import { readdir, readFile, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Claim, recordedProcesses, releaseClaim } from "./ledger.ts";
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

/** The first process of a host takes the host's others with it, and their mounts. */
async function endProcesses(claim: Claim): Promise<void> {
  const firsts = await firstProcesses(claim.folder);
  const pids = [...(await recordedProcesses(claim)).values()];
  // A recorded process leads its group. The parent of a host's first process takes it along when it is killed.
  for (const pid of pids) kill(-pid);
  await Promise.all([...pids, ...firsts].map(untilGone));
}

async function firstProcesses(folder: string): Promise<number[]> {
  const hosts = await readdir(folder).catch(() => [] as string[]);
  const files = await Promise.all(
    hosts.map((name) => readFile(join(folder, name, "init.pid"), "utf8").catch(() => "")),
  );
  // The number may be another process's by now. It is only waited for if it is still of a host of ours.
  return files.map(Number).filter((pid) => pid > 0 && existsSync(`/proc/${pid}`));
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}

async function untilGone(pid: number): Promise<void> {
  for (let waited = 0; waited < 500 && existsSync(`/proc/${pid}`); waited++) await sleep(20);
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
