import * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../host/machine.ts";
import type { ContainerContext } from "./container.ts";
import { createKeeper } from "./keeper.ts";
import { createNetworks } from "./networks.ts";
import { createWorkloads, type Workloads } from "./workloads.ts";

/**
 * What the tenant's state lets be there: its networks and all that runs in them, or the keeper of its volume.
 *
 * Pulumi makes what is new before it removes what is old: a site is closed before its services stop, the keeper has the
 * volume before Postgres lets go of it, and keeps it until the services are up again and the site is open.
 *
 * @param guarded what networks wait for
 * @returns what the site waits for, whether what runs is what was planned, and the steps to there
 */
export function createParts(
  context: Omit<ContainerContext, "networks">,
  opts: ChildOptions,
  guarded: pulumi.Resource[],
): Workloads {
  const { plan, host } = context;
  if (plan.keeper) {
    const kept = createKeeper(plan.keeper, context, opts);
    return { ready: [kept], isAsPlanned: pulumi.output(true), steps: [{ name: "keeper", once: [kept] }] };
  }
  const networks = createNetworks(plan, host.config.engine, { ...opts, dependsOn: guarded });
  return createWorkloads({ ...context, networks }, opts);
}
