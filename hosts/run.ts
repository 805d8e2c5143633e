import { spawn } from "node:child_process";

/** What a program has printed, and how it ended. */
export interface Printed {
  /** Undefined when it could not be started, or was ended because its time was up. */
  readonly code: number | undefined;
  readonly out: string;
  /** Its complaints; for a script on a host, those of the way to it as well. */
  readonly err: string;
}

export interface RunOptions {
  /** What the program reads on stdin. Default: nothing. */
  readonly script?: string;
  /** After these it is killed. */
  readonly seconds: number;
  /** Hears of each piece that it prints. */
  readonly onOutput?: (piece: string) => void;
  readonly cwd?: string;
  /** Besides this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end, or until its time is up. A program that does not exist is an answer too, and no exception.
 * What a killed program had started may live on and hold its streams open; that is not waited for.
 */
export function run(
  program: string,
  args: readonly string[],
  { script = "", seconds, onOutput, cwd, env }: RunOptions,
): Promise<Printed> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...(cwd !== undefined && { cwd }),
      env: { ...process.env, ...env },
      stdio: "pipe",
      timeout: seconds * 1000,
      killSignal: "SIGKILL",
    });
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (piece: string) => {
      out += piece;
      onOutput?.(piece);
    });
    child.stderr.setEncoding("utf8").on("data", (piece: string) => {
      err += piece;
    });
    child.on("error", (error: NodeJS.ErrnoException) =>
      resolve({ code: undefined, out, err: error.code ?? error.message }),
    );
    child.on("exit", (_code, signal) => {
      if (signal === null) return;
      child.stdout.destroy();
      child.stderr.destroy();
    });
    child.on("close", (code, signal) =>
      resolve({ code: code ?? undefined, out, err: signal === null ? err : `${err}\ntimed out` }),
    );
    child.stdin.on("error", () => {}).end(script);
  });
}
