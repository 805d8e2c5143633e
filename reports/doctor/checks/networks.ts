import { contains, printedRange4, type Range4, range4 } from "../../../fleet/address.ts";
import { answered, type HostFacts } from "../facts/facts.ts";
import { type Finding, Findings, inFile } from "../finding.ts";
import { freePool } from "../pools.ts";
import { hostLines, type Subject } from "../subject.ts";
import type { Check } from "./check.ts";

/** Somebody else's range that tenants' networks may meet. */
interface Neighbour {
  readonly range: Range4;
  readonly what: string;
}

const overlap = (a: Range4, b: Range4) => contains(a, b) || contains(b, a);

/** Where Docker takes networks from whose maker names no range, when dockerd is told nothing else. */
const usualPools = ["172.17.0.0/16", "172.18.0.0/15", "172.20.0.0/14", "172.24.0.0/13", "192.168.0.0/16"];

/** Nothing of the host's lies where the tenants' networks will: routes, VPNs, other networks of the engine. */
export const networks: Check = (subject, facts) => {
  const pool = range4(subject.host.networkPool);
  const { machine } = facts;
  if (subject.isEdge || pool === undefined || machine === undefined) return [];
  const findings = new Findings("networks");
  const known = neighbours(facts);
  const automatic = automaticPools(facts);
  const free = freePool([...known.map(({ range }) => range), ...automatic]);
  for (const neighbour of known.filter(({ range }) => overlap(range, pool))) {
    findings.list.push(meeting(subject, facts, pool, neighbour, free));
  }
  const open = automatic.find((range) => overlap(range, pool));
  if (open !== undefined) {
    findings.warning(
      `networks that name no range come from ${printedRange4(open)}, which meets networkPool`,
      "Such a network can take the addresses of a tenant that is yet to come, whose network then cannot be made.",
      moved(subject, free),
    );
  }
  if (findings.list.length === 0) {
    findings.ok(`${subject.host.networkPool} meets none of ${known.length} routes and networks`);
  }
  return findings.list;
};

function neighbours({ machine, engine }: HostFacts): Neighbour[] {
  const foreign = (answered(engine)?.networks ?? []).filter(({ isOurs }) => !isOurs);
  const bridges = new Set(answered(engine)?.networks.map(({ bridge }) => bridge));
  const ofEngine = foreign.flatMap(({ name, subnets }) =>
    subnets.flatMap((subnet) => {
      const range = range4(subnet);
      return range === undefined ? [] : [{ range, what: `the engine's network ${name} (${subnet})` }];
    }),
  );
  // The way to everywhere meets everything, also where a VPN has cut it in two.
  const routes = (machine?.routes ?? []).filter(
    ({ range, device }) => range.prefix > 1 && !bridges.has(device ?? "") && !device?.startsWith("lo"),
  );
  const ofHost = routes.map(({ range, text }) => ({ range, what: `the route ${text}` }));
  const once = new Map([...ofEngine, ...ofHost].map((one) => [printedRange4(one.range), one]));
  return [...once.values()];
}

function automaticPools({ engine }: HostFacts): Range4[] {
  const found = answered(engine);
  if (found?.kind !== "docker") return [];
  const told = found.info.DefaultAddressPools?.map(({ Base }) => Base) ?? [];
  return (told.length > 0 ? told : usualPools).flatMap((pool) => range4(pool) ?? []);
}

function meeting(
  subject: Subject,
  facts: HostFacts,
  pool: Range4,
  { range, what }: Neighbour,
  free: string | undefined,
): Finding {
  const findings = new Findings("networks");
  const hit = subject.tenants.find(({ plan }) =>
    [plan.networks.internal, plan.networks.egress].some(({ subnet }) => {
      const own = range4(subnet);
      return own !== undefined && contains(range, own);
    }),
  );
  const found = `${what} meets networkPool ${subject.host.networkPool}`;
  const isWider = range.prefix < pool.prefix;
  const isInUse = answered(facts.engine)?.networks.some(({ isOurs }) => isOurs) ?? false;
  if (isWider) {
    findings.warning(
      found,
      "Anyone who has one of the pool's addresses on that way cannot be reached from here once a tenant has it.",
      moved(subject, free),
    );
  } else if (isInUse && hit === undefined) {
    findings.warning(
      found,
      "No tenant of today is touched. One whose network would lie there can neither be made nor reached.",
      inFile(
        "Give such a tenant another place in tenants.yaml",
        "tenants:",
        "  NAME:",
        "    network: A_FREE_/28",
      ),
    );
  } else if (isInUse && hit !== undefined) {
    findings.error(
      found,
      `The networks of ${hit.tenant.name} lie there: its containers cannot be reached, or others cannot.`,
      inFile(
        "Move that tenant in tenants.yaml",
        "tenants:",
        `  ${hit.tenant.name}:`,
        "    network: A_FREE_/28",
      ),
    );
  } else {
    findings.error(
      found,
      "A tenant whose network would lie there can neither be made nor reached. Before the first tenant a change costs nothing.",
      moved(subject, free),
    );
  }
  return findings.list[0] as Finding;
}

function moved(subject: Subject, free: string | undefined) {
  return inFile(
    "In the stack's file name a range that nobody has; a change moves every tenant that is there already",
    ...hostLines(subject, `networkPool: ${free ?? "A_FREE_PRIVATE_RANGE"}`),
  );
}
