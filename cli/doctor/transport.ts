import { spawn } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import { Duplex } from "node:stream";
import type { EngineKind } from "../../hosts/engines.ts";
import { line } from "../../hosts/shell.ts";
import { isSshHost, type Printed, type SshHost, sshArguments, wholeScript } from "../../hosts/ssh/ssh.ts";
import { socketOf } from "../../reports/doctor/questions.ts";
import type { Subject } from "../../reports/doctor/subject.ts";
import { finished, type RunOptions } from "./finished.ts";

/** A connection to an engine, and why there is none. */
export interface EngineStream {
  readonly stream: Duplex;
  readonly complaint: () => string;
}

/** The way to a host's shell and to its engine. */
export interface Transport {
  /** Runs a script with `sh -s`. */
  readonly run: (script: string, options: Pick<RunOptions, "seconds" | "onOutput">) => Promise<Printed>;
  readonly engine: () => EngineStream;
  /** Ends what is kept open for the next call. */
  readonly close: () => Promise<unknown>;
}

export function transportTo(subject: Subject): Transport {
  const { host } = subject;
  const socket = socketOf(subject);
  return isSshHost(host) ? overSsh(host, socket) : here(host.address, socket);
}

function here(address: string, socket: string): Transport {
  return {
    run: (script, options) => finished("sh", ["-s"], { ...options, script, env: { DOCKER_HOST: address } }),
    engine: () => {
      const stream = connect(socket);
      let complaint = "";
      stream.on("error", (error) => {
        complaint = error.message;
      });
      return { stream, complaint: () => complaint };
    },
    close: async () => {},
  };
}

/**
 * The engine's command on the host passes the bytes on. The Docker provider calls it `docker` with either engine; a host
 * on which it has no such name shall be able to tell so.
 */
const dial: Readonly<Record<EngineKind, (socket: string) => string>> = {
  docker: (socket) => line("docker", "--host", `unix://${socket}`, "system", "dial-stdio"),
  podman: (socket) => line("podman", "--url", `unix://${socket}`, "system", "dial-stdio"),
};

/** The project whose ssh_config it is, whatever project is looked at: its paths count from there. */
const cwd = join(import.meta.dirname, "../..");

/** A connection of its own: what another has open may be older than the rights that the user has been given. */
const connection = "-doctor";

function overSsh(host: SshHost, socket: string): Transport {
  const args = sshArguments(host, connection);
  // Whoever asks wants to know how it is now, not that it was bad a moment ago.
  const env = { OLYMPUS_SSH_AT_ONCE: "1" };
  return {
    run: (script, options) =>
      finished("ssh", [...args, "sh -s"], {
        ...options,
        script: wholeScript(host.engine, script),
        cwd,
        env,
      }),
    engine: () => {
      const child = spawn("ssh", [...args, dial[host.engine](socket)], { cwd, stdio: "pipe" });
      let complaint = "";
      child.on("error", (error) => {
        complaint = error.message;
      });
      child.stderr.on("data", (piece) => {
        complaint += piece;
      });
      // What is written to a way that has closed is not a fault of its own.
      child.stdin.on("error", () => {});
      const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
      stream.on("close", () => child.kill());
      return { stream, complaint: () => complaint.trim() };
    },
    close: () => finished("ssh", ["-O", "exit", ...args], { seconds: 5, cwd, env }),
  };
}
