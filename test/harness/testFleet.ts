import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureDocker } from "../../lab/docker/engine.ts";
import { removeFleet } from "../../lab/docker/fleetRemains.ts";
import type { LabImages } from "../../lab/images/images.ts";
import type { FleetStack, RunResult } from "../../lab/stack/fleetStack.ts";
import { claimEngine, releaseEngine } from "./engineClaim.ts";
import { EngineClient } from "./engineClient.ts";
import type { OneHost } from "./oneHost.ts";
import { prepareStack, type TestStack } from "./testStack.ts";
import { Visitor } from "./visitor.ts";

/** Ports that a test machine has free even where 80 and 443 are taken. */
export const httpPort = 18080;
export const httpsPort = 18443;

/**
 * A fleet of its own for one test file: files, configuration and state in a temporary folder, on the real
 * engine. Only one can be up at a time, since physical names are fixed.
 */
export class TestFleet extends EngineClient implements OneHost {
  readonly visitors = { usual: "127.0.0.1", other: "127.0.0.2" };
  readonly address = "127.0.0.1";
  readonly folder: string;
  readonly stack: FleetStack;
  readonly images: LabImages;
  private config: Readonly<Record<string, unknown>>;
  private host: Readonly<Record<string, unknown>>;

  private constructor(
    { folder, stack, images, config }: TestStack,
    host: Readonly<Record<string, unknown>> & { readonly address: string },
  ) {
    super(host.address);
    this.folder = folder;
    this.stack = stack;
    this.images = images;
    this.config = config;
    this.host = host;
  }

  /** Prepares the files; `up()` makes the resources. */
  static async prepare(
    tenants: string,
    hostConfig: Readonly<Record<string, unknown>> = {},
  ): Promise<TestFleet> {
    const engine = await ensureDocker();
    await claimEngine(engine.host);
    const host = { address: engine.host, memory: "16GiB", httpPort, httpsPort, ...hostConfig };
    return new TestFleet(await prepareStack(tenants, { hosts: { local: host } }), host);
  }

  visitor(): Promise<Visitor> {
    return Visitor.of(this);
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

  /** Removes everything, whatever state a failed test has left it in. */
  async destroy(): Promise<void> {
    const first = await this.stack.destroy();
    await removeFleet(this.dockerHost);
    const { exitCode, output } =
      first.exitCode === 0 ? first : await this.stack.destroy({ args: ["--refresh"] });
    if (exitCode !== 0) throw new Error(output);
    await this.stack.remove();
    await releaseEngine(this.dockerHost);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * Resources by what a run did to them, read from Pulumi's non-interactive output. Components are none of them: Pulumi says
 * that one was created again with each message on its row.
 */
export function changes({ output }: RunResult): {
  created: string[];
  updated: string[];
  replaced: string[];
  deleted: string[];
} {
  const names = (pattern: RegExp) =>
    [...new Set([...output.matchAll(pattern)].map(([, name]) => name ?? ""))].sort();
  return {
    created: names(/^ \+ +(?!olympus:)\S+ (\S+) created/gm),
    updated: names(/^ ~ +(?!olympus:)\S+ (\S+) updated/gm),
    replaced: names(/^ \+- +(?!olympus:)\S+ (\S+) replaced/gm),
    deleted: names(/^ - +(?!olympus:)\S+ (\S+) deleted/gm),
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
