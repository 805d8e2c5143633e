import type { EngineKind } from "../../hosts/engines.ts";
import { bridgePrefix, egressPrefix, internalPrefix } from "./names.ts";

/** A chain of our own. The kernel's chain of the same name leads to it. */
export interface Chain {
  readonly hook: "INPUT" | "FORWARD";
  /** As iptables takes them, without the chain. */
  readonly rules: readonly string[];
}

/** Our chains in one table of the kernel. */
export interface Table {
  readonly tool: "iptables" | "ip6tables";
  readonly table: "mangle" | "security" | "filter";
  readonly chains: readonly Chain[];
  /** Hosts may do without IPv6, and without the table `security`, which some kernels lack. */
  readonly isRequired: boolean;
}

const any = `${bridgePrefix}+`;
const internal = `${internalPrefix}+`;
const egress = `${egressPrefix}+`;

/**
 * Packets of connections that the other side has begun. Unlike a match on new connections it also ends what somebody
 * opened while the rules were not there.
 */
const begun = "-m conntrack --ctdir ORIGINAL";

/**
 * Stands for the condition that a packet is routed from one network into another. Where the kernel shows iptables also
 * what stays within a bridge, the script fills in a match that leaves that alone; elsewhere it is empty, because to ask
 * would make the kernel show it.
 */
export const routed = "$routed";

/** Tenants open no connection to the host: on a bridge, internal or not, every service on 0.0.0.0 would answer. */
const toHost = `-i ${any} ${begun} -j DROP`;

/**
 * Podman's DNS is at the bridge's own address, and asks the world's also for containers on an internal network
 * (aardvark-dns before 1.11). So it is there for those alone that have a way out anyway; names of the tenant's own
 * are in each container's /etc/hosts. What is let in is meant for the very bridge that it comes from.
 */
const names = (target: "RETURN" | "ACCEPT") =>
  ["udp", "tcp"].map(
    (protocol) =>
      `-i ${egress} -p ${protocol} --dport 53 -m addrtype --dst-type LOCAL --limit-iface-in -j ${target}`,
  );

const forwarded: readonly string[] = [
  // Internal networks: nothing comes in and nothing goes out but what the host itself sends and is answered.
  `-i ${internal} ${routed} -j DROP`,
  `-o ${internal} ${routed} -j DROP`,
  // From a network with a way out to another tenant's.
  `-i ${any} -o ${any} ${routed} -j DROP`,
  // From the outside, also on a host that forwards for others: a router, a VPN or Kubernetes node.
  `! -i ${any} -o ${any} ${begun} -j DROP`,
  // Where clouds hand out credentials.
  `-i ${any} -d 169.254.0.0/16 -j DROP`,
];

/** No tenant has an IPv6 address, so nothing of theirs is forwarded. */
const forwarded6: readonly string[] = [`-i ${any} ${routed} -j DROP`, `-o ${any} ${routed} -j DROP`];

/**
 * All that the firewall of a host sets. Twice the same, in two tables, so that a flush of one leaves the other: the usual
 * script for a clean start flushes `filter`, `nat` and `mangle`. In both a DROP is final, whatever other tables accept.
 */
export function tables(engine: EngineKind): readonly Table[] {
  const exempt = engine === "podman" ? names("RETURN") : [];
  const chains4: readonly Chain[] = [
    { hook: "INPUT", rules: [...exempt, toHost] },
    { hook: "FORWARD", rules: forwarded },
  ];
  const chains6: readonly Chain[] = [
    { hook: "INPUT", rules: [toHost] },
    { hook: "FORWARD", rules: forwarded6 },
  ];
  // A host that lets nobody in unless it is told to would not let those ask for names either.
  const door: readonly Chain[] = [{ hook: "INPUT", rules: names("ACCEPT") }];
  return [
    { tool: "iptables", table: "mangle", chains: chains4, isRequired: true },
    { tool: "iptables", table: "security", chains: chains4, isRequired: false },
    { tool: "ip6tables", table: "mangle", chains: chains6, isRequired: false },
    { tool: "ip6tables", table: "security", chains: chains6, isRequired: false },
    ...(engine === "podman"
      ? [{ tool: "iptables", table: "filter", chains: door, isRequired: true } as const]
      : []),
  ];
}
