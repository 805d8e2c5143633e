import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/** Who holds a stack, by what Pulumi says when it refuses to touch it. */
export interface Lock {
  readonly host: string;
  readonly pid: number;
}

/** The locks that a refusal of the file backend names. */
export function locksIn(output: string): Lock[] {
  if (!output.includes("the stack is currently locked by")) return [];
  return [...output.matchAll(/created by \S*@(\S+) \(pid (\d+)\) at /g)].map(([, host = "", pid]) => ({
    host,
    pid: Number(pid),
  }));
}

/**
 * The locks of a stack that a backend of files has at the moment; none for another kind of backend. A run that is shown to
 * people looks before it starts, so that nobody reads of an error that is no longer one.
 *
 * @param url `file:///…`, as PULUMI_BACKEND_URL has it
 */
export function locksOf(url: string | undefined, stack: string): Lock[] {
  const [place = ""] = url?.split("?") ?? [];
  const folder = place.startsWith("file://") ? join(place.slice("file://".length), ".pulumi/locks") : "";
  if (folder === "" || !existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".json") && path.split("/").at(-2) === stack)
    .map((path) => JSON.parse(readFileSync(join(folder, path), "utf8")) as { pid: number; hostname: string })
    .map(({ pid, hostname: host }) => ({ host, pid }));
}

/**
 * True when the run that took the lock certainly lives no more: killed, or lost with a reboot of this machine. A run that
 * was killed keeps its number until its parent, or the machine's first process, has asked how it ended (a zombie).
 */
export function isDead({ host, pid }: Lock): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  try {
    const [, name = "", state] = /\((.*)\) (\S)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    // Another program may have got the number since.
    return state === "Z" || state === "X" || !name.startsWith("pulumi");
  } catch {
    return false;
  }
}
