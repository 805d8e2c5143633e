import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { registryDir } from "../../lab/docker/registry.ts";
import { variantOf } from "../../lab/images/publish.ts";
import type { RunResult } from "../../lab/stack/fleetStack.ts";
import { containersOf } from "./containers.ts";
import { TestFleet } from "./testFleet.ts";

type Map = Readonly<Record<string, unknown>>;

/** The tenants by ring, in the order of rings. */
const first = { c1: "canary", e1: "early", s1: "stable", s2: "stable" } as const;
/** Those that come with `grow()`. */
const more = { c2: "canary", e2: "early" } as const;
export type Name = keyof typeof first | keyof typeof more;
export const names = Object.keys(first) as (keyof typeof first)[];

/** A Hydra that is healthy and shows its keys, and gives no token: it asks somebody first who is not there. */
const noTokens = 'OAUTH2_TOKEN_HOOK_URL=http://127.0.0.1:9/ exec hydra "$@"';

/** A fleet of four tenants in three rings, later of six, whose releases, ring settings and clock the test sets. */
export class RingsFleet {
  readonly fleet: TestFleet;
  /** What time it is for rings. */
  now = new Date("2026-11-28T12:00:00Z");
  release = "2026.11";
  private rings: Readonly<Record<string, Map>> = { canary: {}, early: {}, stable: {} };
  private places: Readonly<Partial<Record<Name, string>>> = first;
  private entries: Readonly<Partial<Record<Name, Map>>> = {};
  /** Releases by their image of Hydra, in which they differ. */
  private readonly byHydra = new Map<string, string>();

  private constructor(fleet: TestFleet) {
    this.fleet = fleet;
  }

  static async open(): Promise<RingsFleet> {
    const one = new RingsFleet(await TestFleet.prepare("tenants: {}"));
    const path = join(dirname(one.fleet.stack.configFile), "releases.yaml");
    const file = parse(await readFile(path, "utf8"));
    const { "2026.11": usual } = file.releases;
    for (const name of ["2026.12", "2026.13", "2026.14"]) {
      const Labels = { release: name };
      const hydra = await variantOf(registryDir, one.fleet.images.hydra, `rings-${name}`, { Labels });
      file.releases[name] = { ...usual, images: { ...usual.images, hydra } };
    }
    // Kratos's program has other migrations, which Hydra's database does not take.
    file.releases.broken = { ...usual, images: { ...usual.images, hydra: one.fleet.images.kratos } };
    const hydra = await variantOf(registryDir, one.fleet.images.hydra, "engine-test-lying", {
      Entrypoint: ["sh", "-ec", noTokens, "hydra"],
    });
    file.releases.lying = { ...usual, images: { ...usual.images, hydra } };
    await writeFile(path, stringify(file, { aliasDuplicateObjects: false }));
    for (const name of Object.keys(file.releases)) one.byHydra.set(file.releases[name].images.hydra, name);
    await one.write();
    return one;
  }

  /** One more release: the usual with some images in place of its own. */
  async addRelease(name: string, images: Readonly<Record<string, string>>): Promise<void> {
    const path = join(dirname(this.fleet.stack.configFile), "releases.yaml");
    const file = parse(await readFile(path, "utf8"));
    const { "2026.11": usual } = file.releases;
    file.releases[name] = { ...usual, images: { ...usual.images, ...images } };
    if (images.hydra !== undefined) this.byHydra.set(images.hydra, name);
    await writeFile(path, stringify(file, { aliasDuplicateObjects: false }));
  }

  /** Moves the clock. */
  later(hours: number): void {
    this.now = new Date(this.now.getTime() + hours * 3_600_000);
  }

  async want(release: string): Promise<void> {
    this.release = release;
    await this.write();
  }

  /** Two more tenants: one in canary, one in the ring after it. */
  async grow(): Promise<void> {
    this.places = { ...first, ...more };
    await this.write();
  }

  async setRings(rings: Readonly<Record<string, Map>>): Promise<void> {
    this.rings = { ...this.rings, ...rings };
    await this.write();
  }

  async setTenant(name: Name, entry: Map): Promise<void> {
    this.entries = { ...this.entries, [name]: entry };
    await this.write();
  }

  up(...args: string[]): Promise<RunResult> {
    return this.fleet.stack.up({ args: ["--parallel", "32", ...args], env: this.clock });
  }

  preview(...args: string[]): Promise<RunResult> {
    return this.fleet.stack.preview({ args, env: this.clock });
  }

  /** `up` that must succeed; its output with every run of blanks as one. */
  async done(...args: string[]): Promise<string> {
    const { exitCode, output } = await this.up(...args);
    if (exitCode !== 0) throw new Error(output);
    return plain(output);
  }

  /** The release that Hydra's container of each tenant is of; undefined where there is none. */
  async running(): Promise<Readonly<Record<string, string | undefined>>> {
    const containers = await containersOf(this.fleet);
    return Object.fromEntries(
      Object.keys(this.places).map((name) => [
        name,
        this.byHydra.get(containers.get(`${name}-hydra`)?.Config.Image ?? ""),
      ]),
    );
  }

  /** Ids of all containers of some tenants: what was not touched has the same. */
  async ids(...tenants: readonly Name[]): Promise<Record<string, string>> {
    const containers = await containersOf(this.fleet);
    return Object.fromEntries(
      [...containers]
        .filter(([name]) => tenants.some((tenant) => name.startsWith(`${tenant}-`)))
        .map(([name, { Id }]) => [name, Id]),
    );
  }

  async destroy(): Promise<void> {
    await this.fleet.destroy();
  }

  private get clock() {
    return { OLYMPUS_FLEET_NOW: this.now.toISOString() };
  }

  private write(): Promise<void> {
    const tenants = Object.fromEntries(
      Object.entries(this.places).map(([name, ring]) => [name, { ring, ...this.entries[name as Name] }]),
    );
    const defaults = { release: this.release, mail: "none" };
    return this.fleet.writeTenants(JSON.stringify({ defaults, rings: this.rings, tenants }));
  }
}

/** What a run says of a ring that waits. */
export const waiting = /ring \S+: \S+ waits: /;

/** Pulumi breaks and indents what the program says. */
export const plain = (output: string) => output.replaceAll(/\s+/g, " ");

/** What a run without a terminal has said of a tenant's progress: a line for each step. */
export const stepsOf = (output: string, tenant: string): string[] =>
  output.split("\n").flatMap((line) => {
    const [, row, words = ""] = / olympus:fleet:TenantStack (\S+) .*?(step \d+ of \d+, .*)$/.exec(line) ?? [];
    return row === tenant ? [words] : [];
  });
