import type { Space } from "../../../backends/docker/databases.ts";
import type { Listener, Route } from "./network.ts";
import type { SshdFacts } from "./sshd.ts";

/** What a machine says about itself. Undefined is what it did not tell. */
export interface MachineFacts {
  /** False when the script was cut off. */
  readonly isWhole: boolean;
  readonly user: { readonly name: string; readonly isRoot: boolean; readonly groups: readonly string[] };
  /** The engine's command where scripts look for it, and what it answers: an API version or a complaint. */
  readonly command: { readonly path: string | undefined; readonly answer: string | undefined };
  /** Docker's command, or what bears its name. */
  readonly dockerPath: string | undefined;
  readonly podman: PodmanFacts;
  readonly socket: {
    readonly isThere: boolean;
    readonly isWritable: boolean;
    /** `srw-rw---- root docker` */
    readonly owner: string | undefined;
  };
  /** `Debian GNU/Linux 12 (bookworm)` */
  readonly system: string | undefined;
  readonly memoryMiB: number | undefined;
  /** Of the engine's folder, or the nearest above it that exists. */
  readonly disk: Space | undefined;
  /** Whether the firewall's rules are all in place; undefined when it does not run. */
  readonly isGuarded: boolean | undefined;
  readonly forwards: boolean | undefined;
  /** Of net.ipv4; undefined where the kernel has no such setting. */
  readonly settings: {
    readonly migratesRequests: boolean | undefined;
    readonly synRetries: number | undefined;
  };
  readonly routes: readonly Route[];
  readonly addresses: readonly string[];
  readonly listeners: readonly Listener[];
  /** Programs by TCP port. */
  readonly holders: ReadonlyMap<number, string>;
  /** `iptables v1.8.9 (nf_tables)` */
  readonly iptables: string | undefined;
  readonly ufw: { readonly isOn: boolean; readonly rules: readonly string[] };
  readonly firewalld: { readonly isOn: boolean; readonly open: readonly string[] };
  readonly isSynchronised: boolean | undefined;
  /** systemd's units by name; undefined for a machine with another init. */
  readonly units: ReadonlyMap<string, Unit> | undefined;
  /** Services of OpenRC's default runlevel. */
  readonly openrc: readonly string[];
  readonly daemon: Daemon;
  readonly sshd: SshdFacts;
  /** Outcome per address that had to be opened. */
  readonly urls: ReadonlyMap<string, UrlOutcome>;
}

/** Undefined where it did not tell, or on a host with Docker. */
export interface PodmanFacts {
  /** `netavark` or `cni` */
  readonly networks: string | undefined;
  /** Processes of a container, as the last of its files has it. */
  readonly pidsLimit: number | undefined;
}

export interface Unit {
  readonly isEnabled: boolean;
  readonly isActive: boolean;
}

/** How dockerd was told to be. */
export interface Daemon {
  /** /etc/docker/daemon.json; empty when there is none or it cannot be read. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly arguments: string;
}

export type UrlOutcome = "opens" | "name" | "certificate" | "fails";
