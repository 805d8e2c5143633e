import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ensureDocker } from "../../lab/docker/engine.ts";
import { ensureRegistry } from "../../lab/docker/registry.ts";
import { ensureImages, type LabImages } from "../../lab/images/images.ts";
import { projectDir } from "../../lab/paths.ts";
import { fileBackend } from "../../lab/stack/backend.ts";
import { FleetStack, type RunResult } from "../../lab/stack/fleetStack.ts";
import { tidyInterrupted } from "../../lab/stack/interrupted.ts";
import { labReleases } from "../../lab/stack/releases.ts";
import { ensurePulumi } from "../../lab/toolchain/pulumi.ts";

/** Ports that a test machine has free even where 80 and 443 are taken. */
export const httpPort = 18080;
export const httpsPort = 18443;

/**
 * A fleet of its own for one test file: files, configuration and state in a temporary folder, on the real
 * engine. Only one can be up at a time, since physical names are fixed.
 */
export class TestFleet {
  readonly folder: string;
  readonly stack: FleetStack;
  readonly images: LabImages;
  readonly dockerHost: string;
  private config: Readonly<Record<string, unknown>>;
  private host: Readonly<Record<string, unknown>>;

  private constructor(
    folder: string,
    stack: FleetStack,
    images: LabImages,
    config: Readonly<Record<string, unknown>>,
    host: Readonly<Record<string, unknown>> & { readonly address: string },
  ) {
    this.folder = folder;
    this.stack = stack;
    this.images = images;
    this.dockerHost = host.address;
    this.config = config;
    this.host = host;
  }

  /** Prepares the files; `up()` makes the resources. */
  static async prepare(
    tenants: string,
    hostConfig: Readonly<Record<string, unknown>> = {},
  ): Promise<TestFleet> {
    const folder = await mkdtemp(join(tmpdir(), "olympus-test-"));
    const engine = await ensureDocker();
    const images = await ensureImages(await ensureRegistry());
    const releases = await readFile(join(projectDir, "releases.yaml"), "utf8");
    await writeFile(join(folder, "releases.yaml"), labReleases(releases, images));
    const host = { address: engine.host, memory: "16GiB", httpPort, httpsPort, ...hostConfig };
    const config = {
      tenantsFile: join(folder, "tenants.yaml"),
      releasesFile: join(folder, "releases.yaml"),
      hosts: { local: host },
    };
    const stack = await FleetStack.open({
      name: "test",
      folder,
      toolchain: await ensurePulumi(),
      backend: await fileBackend(folder),
      config,
    });
    const fleet = new TestFleet(folder, stack, images, config, host);
    await fleet.writeTenants(tenants);
    return fleet;
  }

  writeTenants(text: string): Promise<void> {
    return writeFile(join(this.folder, "tenants.yaml"), text);
  }

  /** Lays values over the stack's configuration, `{ protectData: true }`. */
  configure(change: Readonly<Record<string, unknown>>): Promise<void> {
    this.config = { ...this.config, ...change };
    return this.stack.configure(this.config);
  }

  /** Lays values over the configuration of the only host. */
  configureHost(change: Readonly<Record<string, unknown>>): Promise<void> {
    this.host = { ...this.host, ...change };
    return this.configure({ hosts: { local: this.host } });
  }

  /** `pulumi up` that must succeed. */
  async up(...args: string[]): Promise<RunResult> {
    const result = await this.stack.up({ args: ["--parallel", "32", ...args] });
    if (result.exitCode !== 0) throw new Error(result.output);
    return result;
  }

  /** Standard output of a docker command that must succeed. */
  async docker(...args: string[]): Promise<string> {
    const { stdout } = await execa("docker", args, { env: { DOCKER_HOST: this.dockerHost } });
    return stdout;
  }

  /** Exit code and output of a docker command that may fail. */
  async tryDocker(...args: string[]): Promise<{ exitCode: number; output: string }> {
    const options = { env: { DOCKER_HOST: this.dockerHost }, reject: false, all: true } as const;
    const { exitCode, all } = await execa("docker", args, options);
    return { exitCode: exitCode ?? 1, output: all };
  }

  /** Removes everything, whatever state a failed test has left it in. */
  async destroy(): Promise<void> {
    await tidyInterrupted(this.stack, this.dockerHost);
    const { exitCode, output } = await this.stack.destroy();
    if (exitCode !== 0) throw new Error(output);
    await this.stack.remove();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** URNs by what a run did to them, read from Pulumi's non-interactive output. */
export function changes({ output }: RunResult): {
  created: string[];
  updated: string[];
  replaced: string[];
  deleted: string[];
} {
  const names = (pattern: RegExp) =>
    [...new Set([...output.matchAll(pattern)].map(([, name]) => name ?? ""))].sort();
  return {
    created: names(/^ \+ +\S+ (\S+) created/gm),
    updated: names(/^ ~ +\S+ (\S+) updated/gm),
    replaced: names(/^ \+- +\S+ (\S+) replaced/gm),
    deleted: names(/^ - +\S+ (\S+) deleted/gm),
  };
}

/** A fleet file with the tenants given, for a laptop: no mail, small, admin open to loopback. */
export function fleetFile(tenants: Readonly<Record<string, object>>): string {
  return JSON.stringify({
    defaults: { release: "2026.11", mail: "none", admin: { allow: ["127.0.0.1/32"] } },
    rings: ["stable"],
    tenants,
  });
}
