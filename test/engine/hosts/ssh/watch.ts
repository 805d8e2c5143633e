import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** Collects the command lines of all processes of the machine for as long as `work` takes. */
export async function watchCommandLines<T>(seen: Set<string>, work: Promise<T>): Promise<T> {
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  work.then(end, end);
  while (!isDone) {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    for (const pid of pids) {
      const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      if (line !== "") seen.add(line.replaceAll("\0", " ").trim());
    }
    await sleep(20);
  }
  return work;
}
