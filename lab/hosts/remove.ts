import { setTimeout as sleep } from "node:timers/promises";
import { startTime } from "../docker/processes.ts";
import { removeControlGroups } from "./controlGroups.ts";
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
  await removeControlGroups(claim);
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
    // Another run may be at it: anyone who came late would remove what bears the number afterwards.
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
