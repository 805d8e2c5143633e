import type { Host } from "../../fleet/model.ts";
import { hostCommand } from "../../hosts/ssh/ssh.ts";
import { dataFault } from "./data.ts";
import type { HostFacts } from "./facts.ts";
import type { Known } from "./known.ts";
import { type Leftover, leftovers } from "./leftovers.ts";
import { reachName } from "./names.ts";
import type { DockerTenant } from "./tenant.ts";
import { isSameWay, wayOf } from "./way.ts";

/** What must be known of a host before anything on it is touched. */
export interface Verdict {
  /** Why nothing on it may be touched. */
  readonly fault: string | undefined;
  /** What a run that was killed has left: it goes before anything is made. */
  readonly leftovers: readonly Leftover[];
  /** Why nothing of a tenant may be touched, by the tenant's name. */
  readonly refusals: ReadonlyMap<string, string>;
}

/**
 * Holds a host against the stack's state.
 *
 * @param plans of the tenants that live there
 */
export function verdict(host: Host, facts: HostFacts, plans: readonly DockerTenant[], known: Known): Verdict {
  const left = leftovers(facts, plans, known);
  const isKnownWay = isKnown(host, known);
  const refusals = plans.flatMap((plan) => {
    const fault = dataFault(plan, facts, known, isKnownWay);
    return fault === undefined ? [] : [[plan.tenant, fault] as const];
  });
  const isForeign = left.length > 0 && !isKnownWay;
  return {
    fault: isForeign ? foreignFleet(host, left) : undefined,
    leftovers: isForeign ? [] : left,
    refusals: new Map(refusals),
  };
}

/**
 * Whether this stack has begun with that very machine: the first thing that it makes there says how it is reached, and
 * is in the state before anything else is made.
 */
function isKnown(host: Host, known: Known): boolean {
  return isSameWay(wayOf(known.find("command", reachName(host.name))), hostCommand(host).environment);
}

function foreignFleet({ name, address }: Host, left: readonly Leftover[]): string {
  const names = left.map((one) => one.name);
  const some =
    names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
  return `host ${name} (${address}) has ${some}, which this stack has not made: another stack's fleet is there, or this
stack's state is lost. Nothing on the host is touched. Write another host, or restore the state (pulumi stack import).
To throw away what is there, remove it by hand first: docker rm --force, docker network rm`;
}
