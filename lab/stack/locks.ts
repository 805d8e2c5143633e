import { readFileSync } from "node:fs";
import { hostname } from "node:os";

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

/** True when the run that took the lock certainly lives no more: killed, or lost with a reboot of this machine. */
export function isDead({ host, pid }: Lock): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  try {
    // Another program may have got the number since.
    return !readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("pulumi");
  } catch {
    return false;
  }
}
