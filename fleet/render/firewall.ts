import { bridgePrefix } from "../names.ts";

/** Seconds between looks at the rules: a firewall reload on the host may have dropped them. */
const checkSeconds = 10;

interface Rule {
  readonly tool: "iptables" | "ip6tables";
  readonly chain: string;
  readonly match: string;
  /** Without a required rule the firewall is unhealthy; hosts may do without IPv6 and without Docker's chain. */
  readonly required: boolean;
}

/** Tenants open no connection to the host: on a bridge, internal or not, every service on 0.0.0.0 would answer. */
const toHost = `-i ${bridgePrefix}+ -m conntrack --ctstate NEW -j DROP`;

/**
 * Nobody opens a connection to a tenant's container by way of the host. Docker closes forwarding only where it
 * was off before; on a machine that forwarded already (a router, a VPN or Kubernetes node), whoever is next to
 * it could send packets on to Kratos's admin port in the egress network. Between tenants Docker's own rules hold.
 */
const fromOutside = `! -i ${bridgePrefix}+ -o ${bridgePrefix}+ -m conntrack --ctstate NEW -j DROP`;

/**
 * DNS by the engine and connections from the host to containers go on. The link-local range is where clouds
 * hand out credentials to whoever asks.
 */
const rules: readonly Rule[] = [
  { tool: "iptables", chain: "INPUT", match: toHost, required: true },
  { tool: "iptables", chain: "FORWARD", match: fromOutside, required: true },
  { tool: "ip6tables", chain: "INPUT", match: toHost, required: false },
  { tool: "ip6tables", chain: "FORWARD", match: fromOutside, required: false },
  {
    tool: "iptables",
    chain: "DOCKER-USER",
    match: `-i ${bridgePrefix}+ -d 169.254.0.0/16 -j DROP`,
    required: false,
  },
];

const command = (action: "-C" | "-I" | "-D", { tool, chain, match }: Rule) =>
  `${tool} -w 5 ${action} ${chain} ${match}`;

const insert = (rule: Rule) =>
  `  ${command("-C", rule)} 2>/dev/null || ${command("-I", rule)} || ${rule.required ? "return 1" : "true"}`;

const remove = (rule: Rule) => `  ${command("-D", rule)} 2>/dev/null || true`;

/**
 * Keeps the rules for as long as it runs, and takes them away when it is told to stop. As a container with a
 * restart policy it comes back with the engine after a reboot, and needs neither root on the host nor a place
 * in its boot scripts.
 */
export const firewallLoop = `set -u
apply() {
${rules.map(insert).join("\n")}
}
withdraw() {
${rules.map(remove).join("\n")}
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

export const firewallHealth = [
  "sh",
  "-c",
  rules
    .filter(({ required }) => required)
    .map((rule) => command("-C", rule))
    .join(" && "),
] as const;
