import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { vi } from "vitest";
import { parse, stringify } from "yaml";
import { rollback } from "../../cli/rollback/rollback.ts";
import type { Release } from "../../fleet/model.ts";
import { releaseId } from "../../fleet/release.ts";
import { releasesText } from "../fleet/fleetInput.ts";
import { type Ran, ran } from "./ran.ts";

const { releases: all, ...hosts } = parse(releasesText);
/** Release 2026.11 as releases.yaml has it. */
export const usual = all["2026.11"];
/** And 2026.12: another Hera. */
export const changed = { ...usual, images: { ...usual.images, hera: "registry.test/hera:v2" } };

const releaseOf = (name: string, { images, postgresMajor }: typeof usual): Release => ({
  name,
  images,
  versions: { kratos: undefined, hydra: undefined },
  postgresMajor,
  postgresBase: undefined,
});

/** A project's folder in which `pulumi` has a state, and `docker` answers as it is told. */
export class RollbackStage {
  readonly folder = mkdtempSync(join(tmpdir(), "olympus-rollback-"));
  private readonly newer: typeof usual;

  /**
   * @param tenants text of tenants.yaml
   * @param host its settings in the stack file
   * @param newer release 2026.12. Default: `changed`
   */
  constructor(tenants: string, host: string, newer: typeof usual = changed) {
    this.newer = newer;
    mkdirSync(join(this.folder, "bin"));
    this.put(
      "Pulumi.prod.yaml",
      `config:\n  olympus:domain: example.org\n  olympus:tls: { mode: internal }\n  olympus:hosts:\n    eu-1: ${host}\n`,
    );
    this.put("tenants.yaml", tenants);
    this.releases({ "2026.11": usual, "2026.12": newer });
    this.stub("pulumi", `cat ${this.folder}/state.json`);
    vi.stubEnv("PATH", `${this.folder}/bin${delimiter}${process.env.PATH}`);
  }

  releases(all: Readonly<Record<string, typeof usual>>): void {
    this.put("releases.yaml", stringify({ releases: all, ...hosts }));
  }

  put(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  stub(name: string, script: string): void {
    this.put(`bin/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.folder, `bin/${name}`), 0o755);
  }

  /** All that a file has. */
  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  /** Some have 2026.12 since noon, and their ring, canary, was healthy with 2026.11 before; others, in stable, wait for it. */
  state(canary: readonly string[], stable: readonly string[]): void {
    const resource = (type: string, name: string, outputs: object) => ({
      urn: `urn:pulumi:prod::olympus-fleet::${type}::${name}`,
      type,
      outputs,
    });
    const [early, noon] = ["2026-11-28T08:00:00.000Z", "2026-11-28T12:00:00.000Z"];
    const given = (release: Release, since: string) => (name: string) =>
      resource("olympus:fleet:TenantStack", name, { given: { release, since } });
    const [older, newer] = [releaseOf("2026.11", usual), releaseOf("2026.12", this.newer)];
    const verified = (release: Release, at: string) => ({
      id: releaseId(release),
      release: release.name,
      at,
    });
    const resources = [
      ...canary.map(given(newer, noon)),
      ...stable.map(given(older, early)),
      resource("olympus:fleet:Ring", "canary", {
        verified: [verified(older, early), verified(newer, noon)],
      }),
      resource("olympus:fleet:Ring", "stable", { verified: [verified(older, early)] }),
    ];
    this.put("state.json", JSON.stringify({ deployment: { resources } }));
  }

  run(...args: readonly string[]): Promise<Ran> {
    return ran(rollback, this.folder, args);
  }

  remove(): void {
    vi.unstubAllEnvs();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
