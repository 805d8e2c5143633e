import { mkdir } from "node:fs/promises";
import type { BackgroundProcess } from "./background.ts";
import { DockerEngine } from "./dockerEngine.ts";
import { type HostEngine, noEngine } from "./engine.ts";
import { startRegistry } from "./hostRegistry.ts";
import type { KeyPair } from "./keys.ts";
import type { Claim } from "./ledger.ts";
import { Machine } from "./machine.ts";
import type { Network } from "./network.ts";
import { PodmanEngine } from "./podmanEngine.ts";
import { Sshd } from "./sshd.ts";

export interface LabHostArgs {
  /** As in the stack's configuration: `eu-1`. Also what the host itself is called. */
  readonly name: string;
  /** Default `docker`. `podman` as root. `none` is a machine before anything was installed but sshd. */
  readonly engine?: "docker" | "podman" | "none";
  /** Laid over dockerd's settings (daemon.json): `{ "live-restore": true }`. */
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
  readonly engine: HostEngine;
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
    this.engine = engineOf(args, this.machine, claim);
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
    await mkdir(this.machine.folder, { recursive: true, mode: 0o755 });
    await this.engine.prepare();
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

function engineOf(
  { name, engine = "docker", daemon }: LabHostArgs,
  machine: Machine,
  claim: Claim,
): HostEngine {
  if (engine === "none") return noEngine(name);
  if (engine === "podman") return new PodmanEngine(machine);
  return new DockerEngine(machine, {
    // Not systemd's groups even where this machine has systemd, which does not know this host.
    "exec-opts": ["native.cgroupdriver=cgroupfs"],
    "cgroup-parent": `/olympus-${claim.number}/${name}`,
    ...daemon,
  });
}
