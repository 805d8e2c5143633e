import type { BackgroundProcess } from "./background.ts";
import { DockerEngine } from "./dockerEngine.ts";
import { startRegistry } from "./hostRegistry.ts";
import type { KeyPair } from "./keys.ts";
import type { Claim } from "./ledger.ts";
import { Machine } from "./machine.ts";
import type { Network } from "./network.ts";
import { Sshd } from "./sshd.ts";

export interface LabHostArgs {
  /** As in the stack's configuration: `eu-1`. Also what the host itself is called. */
  readonly name: string;
  /** Default `docker`. `none` is a machine before anything was installed, but for sshd and the docker command. */
  readonly engine?: "docker" | "none";
  /** Laid over the engine's settings (daemon.json): `{ "live-restore": true }`. */
  readonly daemon?: Readonly<Record<string, unknown>>;
}

interface Parts {
  readonly claim: Claim;
  readonly network: Network;
  readonly args: LabHostArgs;
  /** Last part of its address. */
  readonly place: number;
  readonly identity: KeyPair;
  readonly hostKey: KeyPair;
  /** Places that it knows the way to without asking. */
  readonly neighbours: readonly number[];
}

/** A machine of a site: network, processes, files in /run and /root, engine and sshd of its own. */
export class LabHost {
  readonly name: string;
  readonly address: string;
  /** As `olympus:hosts.<name>.address` takes it. */
  readonly sshAddress: string;
  /** `ssh-ed25519 AAAA…`, as `olympus:hosts.<name>.hostKey` takes it. No other host has it. */
  readonly hostKey: string;
  /** Its engine. A host without one has an engine nevertheless that was never started. */
  readonly engine: DockerEngine;
  readonly sshd: Sshd;
  private readonly parts: Parts;
  private readonly machine: Machine;

  constructor(parts: Parts) {
    const { claim, network, args, place, hostKey, identity } = parts;
    this.parts = parts;
    this.name = args.name;
    this.address = network.address(place);
    this.sshAddress = `ssh://root@${this.address}`;
    this.hostKey = hostKey.publicKey;
    this.machine = new Machine(claim, args.name, network.namespace(args.name));
    this.engine = new DockerEngine(this.machine, {
      // Not systemd's groups even where this machine has systemd, which does not know this host.
      "exec-opts": ["native.cgroupdriver=cgroupfs"],
      "cgroup-parent": `/olympus-${claim.number}/${args.name}`,
      ...args.daemon,
    });
    this.sshd = new Sshd({
      machine: this.machine,
      address: this.address,
      hostKey,
      authorized: [identity.publicKey],
    });
  }

  /** `unix:///…` as this machine reaches the host's engine, for what a test wants to see; the fleet comes by SSH. */
  get dockerHost(): string {
    return this.engine.address;
  }

  /** Switches it on: network, engine with the containers that come back by themselves, sshd. */
  async boot(): Promise<void> {
    const { network, args, place, neighbours } = this.parts;
    await network.attach(this.name, place);
    await network.acquaint(
      neighbours.filter((other) => other !== place),
      this.name,
    );
    await this.machine.boot();
    await startRegistry(this.machine);
    await this.sshd.start();
    if (args.engine !== "none") await this.engine.start();
  }

  /** Takes it down in good order, as `poweroff` does. */
  async shutDown(): Promise<void> {
    await this.sshd.stop();
    await this.engine.stop();
    await this.cutPower();
  }

  /** Takes it down as a power cut does: every process is killed; disk and address are all that stays. */
  async cutPower(): Promise<void> {
    await this.machine.cutPower();
    await this.parts.network.detach(this.name);
  }

  /** Pulls the network cable: connections hang, open ones and new ones. */
  async unplug(): Promise<void> {
    await this.parts.network.setCable(this.parts.place, "down");
  }

  async plug(): Promise<void> {
    await this.parts.network.setCable(this.parts.place, "up");
  }

  /** Command line that runs a program on the host as root, with the host's docker, network and files in /run. */
  at(...command: readonly string[]): [string, string[]] {
    return this.machine.at(...command);
  }

  /** Standard output of a command that must succeed on the host. */
  run(...command: readonly string[]): Promise<string> {
    return this.machine.run(...command);
  }

  /** Exit code and output of a command that may fail on the host. */
  tryRun(...command: readonly string[]): Promise<{ exitCode: number; output: string }> {
    return this.machine.tryRun(...command);
  }

  /**
   * Starts a program on the host; it ends when it is stopped, with the host, or with the site.
   *
   * @param name for its log; one word
   */
  start(name: string, ...command: readonly string[]): Promise<BackgroundProcess> {
    return this.machine.start(name, command);
  }

  /** The same with this machine's files and the host's network: for a program that lies where the host cannot see. */
  startBeside(name: string, ...command: readonly string[]): Promise<BackgroundProcess> {
    return this.machine.startBeside(name, command);
  }
}
