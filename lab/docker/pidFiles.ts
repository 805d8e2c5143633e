import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

/** Where dockerd and the containerd that it starts say who they are, and what they are called. */
const pidFiles = [
  ["docker.pid", "dockerd"],
  ["docker/containerd/containerd.pid", "containerd"],
] as const;

/**
 * Removes what a killed dockerd has left of itself where its number is another program's by now: a new one would take
 * that for itself and not start. So it is where /run outlives the machine's processes.
 *
 * @param run the folder of running programs, default `/var/run`
 * @returns the files removed
 */
export async function removeStalePidFiles(run = "/var/run"): Promise<string[]> {
  const removed: string[] = [];
  for (const [name, program] of pidFiles) {
    const file = join(run, name);
    const pid = (await readFile(file, "utf8").catch(() => "")).trim();
    if (!/^\d+$/.test(pid)) continue;
    const running = (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim();
    if (running === program) continue;
    await rm(file, { force: true });
    removed.push(name);
  }
  return removed;
}
