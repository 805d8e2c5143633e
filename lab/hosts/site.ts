import { join } from "node:path";
import { type SshAgent, startAgent } from "./agent.ts";
import { type BackgroundProcess, type StartOptions, start } from "./background.ts";
import { LabHost, type LabHostArgs } from "./host.ts";
import { type KeyPair, makeKey } from "./keys.ts";
import { type Claim, claimSite } from "./ledger.ts";
import { Network, PLACES } from "./network.ts";
import { ensurePackages, refuseUnsuitableMachine } from "./packages.ts";
import { PODMAN_PACKAGES } from "./podmanEngine.ts";
import { removeAbandonedSites, removeSite } from "./remove.ts";
import { SiteVisitor } from "./visitor.ts";

/**
 * Several hosts on this machine, in a private network of their own: what a fleet's hosts are to an operator's
 * laptop. Any number of sites can exist side by side. For root on Linux alone.
 */
export class LabSite {
  /** This machine, as the hosts reach it. */
  readonly address: string;
  /** Private key that may log in as root on every host; mode 0600, in a folder of mode 0700. */
  readonly identityFile: string;
  private readonly claim: Claim;
  private readonly network: Network;
  private readonly identity: KeyPair;
  private readonly hosts = new Map<string, LabHost>();
  private count = 0;

  private constructor(claim: Claim, identity: KeyPair) {
    this.claim = claim;
    this.identity = identity;
    this.identityFile = identity.file;
    this.network = new Network(claim.number);
    this.address = this.network.address(PLACES.machine);
  }

  /** Makes the network and boots the hosts, after removing what runs that were killed have left. */
  static async open(hosts: readonly LabHostArgs[]): Promise<LabSite> {
    refuseUnsuitableMachine();
    refuseNames(hosts.map(({ name }) => name));
    await ensurePackages(hosts.some(({ engine }) => engine === "podman") ? PODMAN_PACKAGES : {});
    await removeAbandonedSites();
    const claim = await claimSite();
    try {
      const site = new LabSite(claim, await makeKey(claim.folder, "identity"));
      await site.build(hosts);
      return site;
    } catch (error) {
      await removeSite(claim);
      throw error;
    }
  }

  /** For what a test wants to keep until the site is closed. For root alone. */
  get folder(): string {
    return this.claim.folder;
  }

  host(name: string): LabHost {
    const host = this.hosts.get(name);
    if (!host) throw new Error(`the site has no host ${name}, only ${[...this.hosts.keys()].join(", ")}`);
    return host;
  }

  /** A further machine in the network, with its own address. */
  visitor(): Promise<SiteVisitor> {
    return SiteVisitor.connect(this.network, PLACES.firstVisitor + this.count++, this.hostPlaces);
  }

  /**
   * Starts a program on this machine that ends with the site, such as a service that hosts call at `address`.
   *
   * @param name for its log; one word
   */
  start(name: string, command: readonly string[], options: StartOptions = {}): Promise<BackgroundProcess> {
    return start(this.claim, name, join(this.folder, `${name}.log`), command, options);
  }

  /** An agent that holds the key, for those who log in without a key file. Ends with the site at the latest. */
  agent(): Promise<SshAgent> {
    return startAgent(this.claim, `agent-${this.count++}`, this.identityFile);
  }

  /** Ends everything: hosts with their containers, visitors, programs; then the network and the folder. */
  async close(): Promise<void> {
    await removeSite(this.claim);
  }

  private async build(hosts: readonly LabHostArgs[]): Promise<void> {
    for (const [index, args] of hosts.entries()) {
      const parts = { claim: this.claim, network: this.network, identity: this.identity, args };
      const hostKey = await makeKey(this.folder, `${args.name}.hostkey`);
      const place = PLACES.firstHost + index;
      const neighbours = hosts.map((_, other) => PLACES.firstHost + other);
      this.hosts.set(args.name, new LabHost({ ...parts, place, hostKey, neighbours }));
    }
    await this.network.build();
    await this.network.acquaint(this.hostPlaces);
    const booted = await Promise.allSettled([...this.hosts.values()].map((host) => host.boot()));
    // Not before the last has come to its end either way: what is being made cannot be removed.
    for (const boot of booted) if (boot.status === "rejected") throw boot.reason;
  }

  private get hostPlaces(): number[] {
    return [...this.hosts.keys()].map((_, index) => PLACES.firstHost + index);
  }
}

/** Names become parts of others, and of paths. */
function refuseNames(names: readonly string[]): void {
  const wrong = names.find(
    (name, index) => !/^[a-z][a-z0-9-]{0,29}$/.test(name) || names.indexOf(name) !== index,
  );
  if (wrong !== undefined) throw new Error(`"${wrong}" cannot be the name of a lab host, or is so twice`);
}
