import { spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stateDir } from "../paths.ts";

/** Where a background process of the lab leaves its traces. */
const logFile = (name: string) => join(stateDir, `${name}.log`);
const pidFile = (name: string) => join(stateDir, `${name}.pid`);

/**
 * When a process started, in clock ticks since boot; undefined when there is none. Together with the pid it
 * names one process for good: a pid alone may be another program's after a reboot, and we would end that.
 */
async function startTime(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The second field is the program's name in brackets and may hold spaces; field 22 counts from after it.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return state === undefined || state === "Z" ? undefined : rest[18];
}

/** The pid of the process called `name` that an earlier call started, if that very process still runs. */
export async function runningPid(name: string): Promise<number | undefined> {
  const [pid, started] = (await readFile(pidFile(name), "utf8").catch(() => "")).trim().split(" ");
  if (!pid || !started) return undefined;
  return (await startTime(Number(pid))) === started ? Number(pid) : undefined;
}

export interface Background {
  readonly log: string;
  /** False once it has ended. */
  alive(): boolean;
}

/** Starts a process that outlives this one, with its output in a log file and its pid in a pid file. */
export async function startInBackground(
  name: string,
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Background> {
  await mkdir(stateDir, { recursive: true });
  const log = logFile(name);
  const output = openSync(log, "w", 0o600);
  const child = spawn(command, args, { ...options, detached: true, stdio: ["ignore", output, output] });
  let ended = false;
  child.once("error", () => {
    ended = true;
  });
  child.once("exit", () => {
    ended = true;
  });
  child.unref();
  if (child.pid !== undefined) {
    await writeFile(pidFile(name), `${child.pid} ${(await startTime(child.pid)) ?? ""}\n`);
  }
  return { log, alive: () => !ended };
}

/** Ends the process called `name` if we started it, and waits until it is gone. True when there was one. */
export async function stopInBackground(name: string, graceSeconds: number): Promise<boolean> {
  const pid = await runningPid(name);
  if (pid !== undefined) {
    process.kill(pid, "SIGTERM");
    for (let waited = 0; waited < graceSeconds * 10 && existsSync(`/proc/${pid}`); waited++) await sleep(100);
    if ((await runningPid(name)) === pid) process.kill(pid, "SIGKILL");
  }
  await rm(pidFile(name), { force: true });
  return pid !== undefined;
}
