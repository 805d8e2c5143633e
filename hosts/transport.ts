import { spawn } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import { Duplex } from "node:stream";
import type { Host } from "../fleet/model.ts";
import { type EngineKind, engines } from "./engines.ts";
import { type Printed, type RunOptions, run } from "./run.ts";
import { line } from "./shell.ts";
import { isSshHost, type SshHost, sshArguments, wholeScript } from "./ssh/ssh.ts";

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

/** The socket at which the host's engine is spoken to. */
export const socketOf = (host: Host): string =>
  isSshHost(host) ? engines[host.engine].socket : host.address.replace(/^unix:\/\//, "");

/**
 * @param purpose see `sshArguments`: what is asked for another purpose than a run's has connections of its own, since one
 * that is open may be older than the rights that the user has been given. Default: those of a run, which then need not
 * be made again
 */
export function transportTo(host: Host, purpose?: string): Transport {
  return isSshHost(host) ? overSsh(host, purpose) : here(host);
}

function here(host: Host): Transport {
  return {
    run: (script, options) => run("sh", ["-s"], { ...options, script, env: { DOCKER_HOST: host.address } }),
    engine: () => {
      const stream = connect(socketOf(host));
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
const cwd = join(import.meta.dirname, "..");

function overSsh(host: SshHost, purpose: string | undefined): Transport {
  const args = sshArguments(host, purpose);
  // Anyone who asks wants to know how it is now, not that it was bad a moment ago.
  const env = { OLYMPUS_SSH_AT_ONCE: "1" };
  return {
    run: (script, options) =>
      run("ssh", [...args, "sh -s"], {
        ...options,
        script: wholeScript(host.engine, script),
        cwd,
        env,
      }),
    engine: () => {
      const child = spawn("ssh", [...args, dial[host.engine](socketOf(host))], { cwd, stdio: "pipe" });
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
    close: () => run("ssh", ["-O", "exit", ...args], { seconds: 5, cwd, env }),
  };
}
