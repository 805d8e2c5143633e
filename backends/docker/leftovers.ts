import { physicalName } from "../../fleet/names.ts";
import { parts } from "../../fleet/tenant/parts.ts";
import { line } from "../../hosts/shell.ts";
import type { HostFacts } from "./facts.ts";
import { keeperPart } from "./keeper.ts";
import type { Known } from "./known.ts";
import { caddyContainer, firewallContainer } from "./names.ts";
import type { DockerTenant } from "./tenant.ts";

/** Something on a host that this stack has made, and that its state does not know. */
export interface Leftover {
  readonly kind: "container" | "network";
  readonly name: string;
  readonly id: string;
}

type Placed = Pick<DockerTenant, "tenant" | "networks">;

/** Names of all that a tenant may have running: what a run was making in one state is left in the next. */
export const containersOf = (tenant: string) =>
  [...parts, keeperPart].map((part) => physicalName(tenant, part));

/** Seconds that a container gets to end. Postgres needs them for a checkpoint. */
const stopSeconds = 60;

/**
 * What a run that was killed has left on a host: containers and networks that it was just making. Pulumi does not know
 * whether they have come to be, and would make them again under a name that is taken. None holds data, so they can go.
 *
 * Only what bears this program's label, has a name that the files give it, and an id that the state does not know.
 */
export function leftovers(facts: HostFacts, plans: readonly Placed[], known: Known): Leftover[] {
  if (!known.knowsIds) return [];
  const containers = [
    caddyContainer,
    firewallContainer,
    ...plans.flatMap(({ tenant }) => containersOf(tenant)),
  ];
  const networks = plans.flatMap((plan) => [plan.networks.internal.name, plan.networks.egress.name]);
  const unknown = (
    kind: Leftover["kind"],
    names: readonly string[],
    there: ReadonlyMap<string, { readonly id: string; readonly isOurs: boolean }>,
  ) =>
    names.flatMap((name) => {
      const fact = there.get(name);
      return fact?.isOurs && !known.hasId(fact.id) ? [{ kind, name, id: fact.id }] : [];
    });
  return [
    ...unknown("container", containers, facts.containers),
    ...unknown("network", networks, facts.networks),
  ];
}

/** A script that removes them, by id: what has the name by then, and another id, stays. */
export function removalScript(all: readonly Leftover[]): string {
  const of = (kind: Leftover["kind"]) => all.filter((one) => one.kind === kind);
  return [
    "set -eu",
    // Side by side: each waits for its program to end.
    ...of("container").map(
      ({ id, name }) =>
        `( ${line("docker", "stop", "--time", String(stopSeconds), id)}; ${line("docker", "rm", "--force", "--volumes", id)} ) </dev/null >/dev/null & # ${name}`,
    ),
    "wait",
    ...of("container").map(
      ({ id, name }) =>
        `! ${line("docker", "container", "inspect", id)} </dev/null >/dev/null 2>&1 || { echo ${name}: is still there >&2; exit 1; }`,
    ),
    ...of("network").map(
      ({ id, name }) => `${line("docker", "network", "rm", id)} </dev/null >/dev/null # ${name}`,
    ),
    "",
  ].join("\n");
}
