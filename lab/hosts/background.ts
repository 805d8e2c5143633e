import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type Claim, recordProcess } from "./ledger.ts";

/** A process that belongs to a site and ends with it. */
export interface BackgroundProcess {
  /** Everything it has printed goes here. */
  readonly log: string;
  readonly pid: number;
  hasEnded(): boolean;
  /** Asks it to end (SIGTERM unless told otherwise) and waits until it has; when its time is up it is killed. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Where its log is and how that ends, for an error message. */
  complaint(): Promise<string>;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** How a signal reaches it. Default: its process group gets it. */
  readonly send?: (signal: NodeJS.Signals) => Promise<void>;
  /** How long it may take to end in good order. Default 10. */
  readonly graceSeconds?: number | undefined;
}

/**
 * Starts a process and records it as the site's. It is also killed when this process ends in any way, so that a
 * run that was killed leaves no engine behind.
 */
export async function start(
  claim: Claim,
  name: string,
  log: string,
  command: readonly string[],
  { cwd, env, send, graceSeconds = 10 }: StartOptions = {},
): Promise<BackgroundProcess> {
  const output = openSync(log, "a", 0o600);
  // In a group of its own: an interrupt at the terminal is for the run, which then ends this in good order.
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", ...command], {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve()).once("error", () => resolve());
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  child.unref();
  const pid = child.pid ?? 0;
  if (pid > 0) await recordProcess(claim, name, pid);
  const signalled = send ?? (async (signal: NodeJS.Signals) => void process.kill(-pid, signal));
  return {
    log,
    pid,
    hasEnded,
    stop: async (signal = "SIGTERM") => {
      if (hasEnded()) return;
      await signalled(signal);
      const late = setTimeout(() => void signalled("SIGKILL").catch(() => {}), graceSeconds * 1000);
      await ended;
      clearTimeout(late);
    },
    complaint: async () => {
      const text = await readFile(log, "utf8").catch(() => "");
      return `The end of ${log}:\n${text.trim().split("\n").slice(-6).join("\n")}`;
    },
  };
}
