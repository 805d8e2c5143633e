import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Command, Terminal } from "../../cli/command.ts";
import { UsageError } from "../../cli/command.ts";
import { plan } from "../../cli/plan/plan.ts";
import { releasesText } from "../fleet/fleetInput.ts";

export const laptop = `config:
  olympus:domain: example.org
  olympus:hosts:
    local:
      address: unix:///var/run/docker.sock
      memory: 16GiB
  olympus:tls:
    mode: internal
`;

export const fleetFile = (...tenants: readonly string[]) =>
  `defaults: { release: "2026.11", mail: none }\nrings: [canary, stable]\ntenants:\n${tenants.map((line) => `  ${line}\n`).join("")}`;

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A project in a folder of its own, with git. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "olympus-fleet-plan-"));

  constructor(tenants = fleetFile("acme: {}"), stack = laptop) {
    this.#git("init", "--quiet");
    this.write("tenants.yaml", tenants);
    this.write("releases.yaml", releasesText);
    this.write("Pulumi.dev.yaml", stack);
    this.commit();
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  remove(path: string): void {
    rmSync(join(this.folder, path));
  }

  commit(): void {
    this.#git("add", "--all");
    this.#git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", "x");
  }

  plan(...args: readonly string[]): Promise<Ran> {
    return this.run(plan, ...args);
  }

  /** Runs a command in this process. A `UsageError` counts as the exit code that it leads to. */
  async run(command: Command, ...args: readonly string[]): Promise<Ran> {
    let [out, err] = ["", ""];
    const terminal: Terminal = {
      project: this.folder,
      width: 100,
      hasColor: false,
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    };
    try {
      return { code: await command.run(args, terminal), out, err };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return { code: 2, out, err: error.message };
    }
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #git(...args: string[]): void {
    execFileSync("git", args, { cwd: this.folder, stdio: "ignore" });
  }
}
