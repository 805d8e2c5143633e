import { spawn } from "node:child_process";
import type { Host } from "../../../fleet/model.ts";
import { line } from "../../../hosts/shell.ts";
import { isSshHost, type Printed, sshArguments, wholeScript } from "../../../hosts/ssh/ssh.ts";

/**
 * Runs a script on a host at once, while the program runs, and not as a resource. The script finds in DOCKER_HOST
 * where the engine listens. Over SSH this opens the connection that the engine is spoken to over, so that the first
 * resources need not wait for it.
 */
export function runScript(host: Host, script: string, timeoutMs: number): Promise<Printed> {
  // Who asks now wants to know how the host is now, not how it was a moment ago (hosts/ssh/turn.sh).
  const [program, args, text] = isSshHost(host)
    ? [
        "env",
        ["OLYMPUS_SSH_AT_ONCE=1", "ssh", ...sshArguments(host), "sh -s"],
        wholeScript(host.engine, script),
      ]
    : ["sh", ["-s"], `export ${line(`DOCKER_HOST=${host.address}`)}\n${script}`];
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "pipe", timeout: timeoutMs });
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    child.on("error", ({ message }) => resolve({ code: undefined, out, err: message }));
    child.on("close", (code) =>
      resolve({ code: code ?? undefined, out, err: child.killed ? `${err}\ntimed out` : err }),
    );
    // What the script had started may live on and hold the streams; nobody waits for that.
    child.on("exit", () => {
      if (!child.killed) return;
      child.stdout.destroy();
      child.stderr.destroy();
    });
    child.stdin.on("error", () => {}).end(text);
  });
}
