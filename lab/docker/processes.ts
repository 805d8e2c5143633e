import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { type FileHandle, mkdir, open, readFile, rm, stat } from "node:fs/promises";
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
export async function startTime(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The second field is the program's name in brackets and may hold spaces; field 22 counts from after it.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return state === undefined || state === "Z" ? undefined : rest[18];
}

/** What names one process for good, in a file or a label: `pid start`. */
export async function markOf(pid: number): Promise<string> {
  return `${pid} ${await startTime(pid)}`;
}

/** The pid in a mark, if that very process still runs. */
export async function livingPid(mark: string): Promise<number | undefined> {
  const [pid, started] = mark.trim().split(" ");
  return pid && started && (await startTime(Number(pid))) === started ? Number(pid) : undefined;
}

/** The pid of the process called `name` that an earlier call started, if that very process still runs. */
export async function runningPid(name: string): Promise<number | undefined> {
  return livingPid(await readFile(pidFile(name), "utf8").catch(() => ""));
}

export interface Background {
  readonly log: string;
  /** False once it has ended. */
  alive(): Promise<boolean>;
}

/**
 * Starts a process that outlives this one, with its output in a log file and its pid in a pid file. Where another
 * run is just starting the same one, leaves it to that run; the caller waits for the service in both cases.
 */
export async function startInBackground(
  name: string,
  command: string,
  args: readonly string[],
  options: { cwd?: string } = {},
): Promise<Background> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const log = logFile(name);
  const claim = await claimPidFile(name);
  if (claim === undefined) return { log, alive: () => isClaimed(name) };
  try {
    const output = openSync(log, "w", 0o600);
    const child = spawn(command, args, { ...options, detached: true, stdio: ["ignore", output, output] });
    closeSync(output);
    let ended = false;
    const end = () => {
      ended = true;
    };
    child.once("error", end).once("exit", end).unref();
    await claim.writeFile(`${child.pid ?? 0} ${(child.pid && (await startTime(child.pid))) || 0}\n`);
    return { log, alive: async () => !ended };
  } finally {
    await claim.close();
  }
}

/** Only one run can make the pid file, so two that begin at the same time start one process, not two. */
async function claimPidFile(name: string): Promise<FileHandle | undefined> {
  if (!(await isClaimed(name))) await rm(pidFile(name), { force: true });
  try {
    return await open(pidFile(name), "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  }
}

/** True while the process runs, and in the moment between a run's claim and its start, when the file is empty. */
async function isClaimed(name: string): Promise<boolean> {
  const file = await stat(pidFile(name)).catch(() => undefined);
  if (file === undefined) return false;
  return file.size === 0 ? Date.now() - file.mtimeMs < 5_000 : (await runningPid(name)) !== undefined;
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
