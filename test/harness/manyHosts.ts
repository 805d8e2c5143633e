import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LabHost, LabHostArgs } from "../../lab/hosts/host.ts";
import { LabSite } from "../../lab/hosts/site.ts";
import type { LabImages } from "../../lab/images/images.ts";
import type { FleetStack, RunResult } from "../../lab/stack/fleetStack.ts";
import { EngineClient } from "./engineClient.ts";
import { prepareStack, type TestStack } from "./testStack.ts";
import { Visitor } from "./visitor.ts";

type Values = Readonly<Record<string, unknown>>;

export interface ManyHostsArgs {
  /** Text of the fleet file. */
  readonly tenants: string;
  readonly hosts: readonly LabHostArgs[];
  /** Machines beside them that the configuration does not name. Default: none. */
  readonly spares?: readonly LabHostArgs[];
  /** Laid over the configuration of each host. */
  readonly hostConfig?: Values;
  /** Laid over the stack's configuration. */
  readonly config?: Values;
}

/**
 * A fleet on lab hosts that are reached by SSH, with files, configuration and state in a temporary folder. Any
 * number can be up at a time, as far as processors go.
 */
export class ManyHostsFleet {
  readonly site: LabSite;
  readonly folder: string;
  readonly stack: FleetStack;
  readonly images: LabImages;
  private readonly hosts: Record<string, Values>;
  private config: Values;

  private constructor(
    site: LabSite,
    hosts: Record<string, Values>,
    { folder, stack, images, config }: TestStack,
  ) {
    this.site = site;
    this.hosts = hosts;
    this.folder = folder;
    this.stack = stack;
    this.images = images;
    this.config = config;
  }

  /** Boots the hosts and prepares the files; `up()` makes the resources. */
  static async prepare({
    tenants,
    hosts,
    spares = [],
    hostConfig,
    config,
  }: ManyHostsArgs): Promise<ManyHostsFleet> {
    const site = await LabSite.open([...hosts, ...spares]);
    try {
      const entries = hosts.map(({ name }) => {
        const { sshAddress, hostKey, address } = site.host(name);
        const way = {
          address: sshAddress,
          hostKey,
          identityFile: site.identityFile,
          publicAddress: [address],
        };
        return [name, { ...way, memory: "16GiB", ...hostConfig }] as const;
      });
      const all = Object.fromEntries(entries);
      return new ManyHostsFleet(site, all, await prepareStack(tenants, { hosts: all, ...config }));
    } catch (error) {
      await site.close();
      throw error;
    }
  }

  host(name: string): LabHost {
    return this.site.host(name);
  }

  /** A host's engine, as seen past the way that the fleet takes. */
  engine(name: string): EngineClient {
    return new EngineClient(this.host(name).dockerHost);
  }

  /** Somebody who calls a host at its address, and trusts its Caddy. */
  visitor(name: string): Promise<Visitor> {
    return Visitor.of(this.engine(name), this.host(name).address);
  }

  writeTenants(text: string): Promise<void> {
    return writeFile(join(this.folder, "tenants.yaml"), text);
  }

  /** Lays values over the stack's configuration, `{ protectData: true }`. */
  configure(change: Values): Promise<void> {
    this.config = { ...this.config, ...change };
    return this.stack.configure(this.config);
  }

  /** Lays values over the configuration of one host. */
  configureHost(name: string, change: Values): Promise<void> {
    this.hosts[name] = { ...this.hosts[name], ...change };
    return this.configure({ hosts: this.hosts });
  }

  /** `pulumi up` that must succeed. */
  async up(...args: string[]): Promise<RunResult> {
    const result = await this.stack.up({ args: ["--parallel", "32", ...args] });
    if (result.exitCode !== 0) throw new Error(result.output);
    return result;
  }

  /** The hosts go with all that is on them, and the state with the folder: nothing has to be destroyed before. */
  async close(): Promise<void> {
    await this.site.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
