import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firewall } from "../../../backends/docker/firewall.ts";
import { firewallGate, type GateScript, gateLibrary, gateScript } from "../../../backends/docker/gate.ts";

const inside = { network: "acme-internal", address: "10.0.0.4", alias: "kratos" };
export const kratos = {
  name: "acme-kratos",
  id: "c0ffee",
  health: ["wget", "-q", "http://x/"],
  prepare: [],
  proof: [],
  pidsLimit: 200,
  memberships: [inside, { network: "acme-egress" }],
};
export const migrate = { name: "acme-kratos-migrate", id: "beef", pidsLimit: 200, memberships: [inside] };

/** What a tenant's gate says at the end of a failure. */
export const wayBack =
  "If an edit did this, the way back: write the release or images of before, then pulumi up (docs/operate.md, An upgrade that failed). If not, mend the cause, then pulumi up.\n";

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Arguments of each call of the engine's CLI, one line each. */
  readonly log: string;
}

/** A gate with a service to wait for and a step to run. */
export const usualGate: GateScript = {
  gate: "migrate",
  await: [kratos],
  run: [migrate],
  watch: [],
  timeoutSeconds: 2,
  stepSeconds: 2,
};

/** A host of two cores in a folder of its own, whose engine is a shell script, and which is quiet unless told otherwise. */
export class GateBox {
  readonly folder = mkdtempSync(join(tmpdir(), "olympus-gate-"));

  /** @param docker what the engine does, as a shell script */
  constructor(docker: string) {
    mkdirSync(join(this.folder, "bin"));
    this.program("docker", `echo "$*" >> ${this.folder}/log\n${docker.replaceAll("FOLDER", this.folder)}`);
    this.program("nproc", "echo 2");
    this.busy("0.10", 1);
    writeFileSync(join(this.folder, "log"), "");
  }

  /** Sets the load of the last minute, and how many want to run now. */
  busy(load: string, running: number): void {
    writeFileSync(join(this.folder, "loadavg"), `${load} 0.20 0.30 ${running}/900 1234\n`);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  /** @param shorter limits that are too long for a test: what stands in the library, and what to put there */
  gate(change: Partial<GateScript> = {}, shorter: readonly [string, string] = ["", ""]): Promise<Ran> {
    return this.run(this.script(change, shorter));
  }

  firewallGate(policy: "require" | "report"): Promise<Ran> {
    return this.run(
      this.whole(firewallGate({ id: "id", health: firewall("docker").health, policy, withdraw: ":\n" })),
    );
  }

  /** A gate as it reaches the host. */
  script(change: Partial<GateScript> = {}, [limit, shorter]: readonly [string, string] = ["", ""]): string {
    return this.whole(gateScript({ ...usualGate, ...change })).replace(limit, shorter);
  }

  start(script: string): ChildProcess {
    const env = { ...process.env, PATH: `${this.folder}/bin:${process.env.PATH}`, TMPDIR: this.folder };
    const child = spawn("sh", ["-s", "create"], { env, stdio: "pipe" });
    child.stdin.end(script);
    return child;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(script: string): Promise<Ran> {
    const child = this.start(script);
    const texts = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream]?.setEncoding("utf8").on("data", (text: string) => {
        texts[stream] += text;
      });
    }
    await once(child, "close");
    return { status: child.exitCode, ...texts, log: this.read("log") };
  }

  private whole(script: string): string {
    const library = gateLibrary.map((path) => readFileSync(path, "utf8"));
    return [...library, script].join("").replaceAll("/proc/loadavg", join(this.folder, "loadavg"));
  }

  /** Puts a program of its own into the host's path. */
  program(name: string, body: string): void {
    const path = join(this.folder, "bin", name);
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
  }
}
