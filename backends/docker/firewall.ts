import type { EngineKind } from "../../hosts/engines.ts";
import { bridgePrefix, egressPrefix } from "./names.ts";

/** Seconds between looks at the rules: a firewall reload on the host may have dropped them. */
const checkSeconds = 10;

interface Rule {
  readonly tool: "iptables" | "ip6tables";
  /** Default `filter`. */
  readonly table?: "mangle";
  readonly chain: "INPUT" | "FORWARD" | "DOCKER-USER";
  readonly match: string;
  /** Without a required rule the firewall is unhealthy; hosts may do without IPv6 and without Docker's chain. */
  readonly required: boolean;
  /** Whoever sets this rule sets it above that one, which would swallow what it lets in. */
  readonly above?: Rule;
}

/** Tenants open no connection to the host: on a bridge, internal or not, every service on 0.0.0.0 would answer. */
const toHost = `-i ${bridgePrefix}+ -m conntrack --ctstate NEW -j DROP`;

/**
 * Nobody opens a connection to a tenant's container by way of the host. Docker closes forwarding only where it
 * was off before; on a machine that forwarded already (a router, a VPN or Kubernetes node), whoever is next to
 * it could send packets on to Kratos's admin port in the egress network. Between tenants Docker's own rules hold.
 */
const fromOutside = `! -i ${bridgePrefix}+ -o ${bridgePrefix}+ -m conntrack --ctstate NEW -j DROP`;

/** Tenants' containers do not ask where clouds hand out credentials to whoever does. */
const linkLocal = `-i ${bridgePrefix}+ -d 169.254.0.0/16 -j DROP`;

const input: Rule = { tool: "iptables", chain: "INPUT", match: toHost, required: true };

/** Connections from the host to containers go on. Docker's DNS is inside each container. */
const dockerRules: readonly Rule[] = [
  input,
  { tool: "iptables", chain: "FORWARD", match: fromOutside, required: true },
  { tool: "ip6tables", chain: "INPUT", match: toHost, required: false },
  { tool: "ip6tables", chain: "FORWARD", match: fromOutside, required: false },
  { tool: "iptables", chain: "DOCKER-USER", match: linkLocal, required: false },
];

/**
 * Podman's DNS is at the bridge's own address, and asks the world's for whoever is on an internal network as well
 * (aardvark-dns before 1.11). So it is there for those alone that have a way out anyway; names of the tenant's own
 * are in each container's /etc/hosts. What is let in is meant for the very bridge that it comes from.
 */
const names = (protocol: "udp" | "tcp"): Rule => ({
  tool: "iptables",
  chain: "INPUT",
  match: `-i ${egressPrefix}+ -p ${protocol} --dport 53 -m addrtype --dst-type LOCAL --limit-iface-in -j ACCEPT`,
  required: true,
  above: input,
});

/**
 * Nothing goes from one bridge of tenants to another: Podman keeps them apart by halves, and not always. Where the
 * kernel shows iptables also what stays within a bridge, `$routed` leaves that alone; elsewhere it is empty, because
 * to ask would make the kernel show it.
 */
const between = (routed: string): Rule => ({
  tool: "iptables",
  table: "mangle",
  chain: "FORWARD",
  match: `-i ${bridgePrefix}+ -o ${bridgePrefix}+ ${routed}-j DROP`,
  required: true,
});
const setRouted =
  "if [ -e /proc/sys/net/bridge ]; then routed='-m physdev ! --physdev-is-bridged'; else routed=; fi";

/**
 * Podman sets its own rules for forwarding anew whenever a container starts, above those that it finds, and has no
 * chain for ours. The table `mangle` is asked before.
 */
const podmanRules: readonly Rule[] = [
  input,
  names("udp"),
  names("tcp"),
  { tool: "iptables", table: "mangle", chain: "FORWARD", match: fromOutside, required: true },
  { tool: "iptables", table: "mangle", chain: "FORWARD", match: linkLocal, required: true },
  between("$routed "),
  { tool: "ip6tables", chain: "INPUT", match: toHost, required: false },
  { tool: "ip6tables", table: "mangle", chain: "FORWARD", match: fromOutside, required: false },
];

const command = (action: "-C" | "-I" | "-D", { tool, table, chain, match }: Rule) =>
  `${tool} -w 5 ${table ? `-t ${table} ` : ""}${action} ${chain} ${match}`;

const remove = (rule: Rule) => `${command("-D", rule)} 2>/dev/null || true`;

/** A rule that comes anew comes first, so those that belong above it are set again. */
function ensure(rule: Rule, _: number, all: readonly Rule[]): string {
  const above = all.filter((other) => other.above === rule);
  const lines = [`${command("-I", rule)} || ${rule.required ? "return 1" : "true"}`, ...above.map(remove)];
  return `${command("-C", rule)} 2>/dev/null || {\n${lines.map((line) => `    ${line}\n`).join("")}  }`;
}

/** What the firewall of a host runs. */
export interface Firewall {
  /**
   * Keeps the rules for as long as it runs, and takes them away when it is told to stop. As a container with a
   * restart policy it comes back with the engine after a reboot, and needs neither root on the host nor a place
   * in its boot scripts.
   */
  readonly loop: string;
  readonly health: readonly [string, string, string];
}

export function firewall(engine: EngineKind): Firewall {
  const rules = engine === "podman" ? podmanRules : dockerRules;
  const required = rules.filter((rule) => rule.required).map((rule) => command("-C", rule));
  // Written while the kernel did not show what stays within a bridge; since it does, this one would cut that.
  const old = `[ -z "$routed" ] || ${remove(between(""))}`;
  const [first, outdated] = engine === "podman" ? [[setRouted], [old]] : [[], []];
  return {
    loop: loop([...first, ...outdated, ...rules.map(ensure)], [...first, ...rules.map(remove)]),
    health: ["sh", "-c", [...first, required.join(" && ")].join("; ")],
  };
}

const loop = (apply: readonly string[], withdraw: readonly string[]) => `set -u
apply() {
${apply.map((line) => `  ${line}`).join("\n")}
}
withdraw() {
${withdraw.map((line) => `  ${line}`).join("\n")}
  exit 0
}
trap withdraw TERM INT
while apply; do
  sleep ${checkSeconds} &
  wait $!
done
echo "the rules could not be set" >&2
exit 1
`;
