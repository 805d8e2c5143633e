import { spawn } from "node:child_process";
import { connect } from "node:net";
import { Duplex } from "node:stream";
import { socketOf } from "../../fleet/doctor/questions.ts";
import type { Subject } from "../../fleet/doctor/subject.ts";
import { sshArguments } from "./sshArguments.ts";

/** What a program has said and how it ended. */
export interface Outcome {
  /** Undefined when it could not be started, or was ended for taking too long. */
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}

/** The way to a host's shell and to its engine's socket. */
export interface Transport {
  /** Runs a script with `sh -s`; `onOutput` hears of each piece that it prints. */
  run(script: string, seconds: number, onOutput?: (piece: string) => void): Promise<Outcome>;
  /** A connection to the engine; `complaint` is why there was none. */
  engine(): { readonly stream: Duplex; readonly complaint: () => string };
}

export function transportTo(subject: Subject): Transport {
  const { ssh } = subject.host;
  const socket = socketOf(subject);
  if (ssh === undefined) {
    return {
      run: (script, seconds, onOutput) =>
        finished("sh", ["-s"], { script, seconds, onOutput, env: { DOCKER_HOST: subject.host.address } }),
      engine: () => {
        const stream = connect(socket);
        let complaint = "";
        stream.on("error", (error) => {
          complaint = error.message;
        });
        return { stream, complaint: () => complaint };
      },
    };
  }
  return {
    run: (script, seconds, onOutput) =>
      finished("ssh", [...sshArguments(ssh), "sh -s"], { script, seconds, onOutput }),
    engine: () => {
      const child = spawn("ssh", ["-W", socket, ...sshArguments(ssh)], { stdio: ["pipe", "pipe", "pipe"] });
      let complaint = "";
      child.on("error", (error) => {
        complaint = error.message;
      });
      child.stderr.on("data", (piece) => {
        complaint += piece;
      });
      // What is written to a way that is closed already is not an error of its own.
      child.stdin.on("error", () => {});
      const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
      stream.on("close", () => child.kill());
      return { stream, complaint: () => complaint.trim() };
    },
  };
}

interface RunOptions {
  readonly script?: string;
  readonly seconds: number;
  readonly onOutput?: ((piece: string) => void) | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end, or to the end of our patience. */
export function finished(
  program: string,
  args: readonly string[],
  { script = "", seconds, onOutput, env }: RunOptions,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: "pipe",
      timeout: seconds * 1000,
      killSignal: "SIGKILL",
      env: { ...process.env, ...env },
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
