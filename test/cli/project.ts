import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Command } from "../../cli/command.ts";
import { plan } from "../../cli/plan/plan.ts";
import { releasesText } from "../fleet/fleetInput.ts";
import { type Ran, ran } from "./ran.ts";

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

  /** Runs a command in this process. */
  run(command: Command, ...args: readonly string[]): Promise<Ran> {
    return ran(command, this.folder, args);
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #git(...args: string[]): void {
    execFileSync("git", args, { cwd: this.folder, stdio: "ignore" });
  }
}
