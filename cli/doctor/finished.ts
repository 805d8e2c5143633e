import { spawn } from "node:child_process";
import type { Printed } from "../../hosts/ssh/ssh.ts";

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

/** Runs a program to its end, or to the end of our patience; a program that there is not is no exception either. */
export function finished(
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
    child.on("close", (code, signal) =>
      resolve({ code: code ?? undefined, out, err: signal === null ? err : `${err}\ntimed out` }),
    );
    child.stdin.on("error", () => {}).end(script);
  });
}
