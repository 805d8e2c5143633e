import type { EditFault } from "../../../fleet/editFault.ts";
import { listed } from "../../../fleet/listed.ts";
import { wholeTenant } from "../effects.ts";
import type { PlannedTenant } from "../fleetPlan.ts";
import { slotOfNetwork } from "../subnets.ts";
import { KnownTenant } from "./knownTenant.ts";
import { type Guarded, most, type Situation } from "./situation.ts";

/**
 * Other networks for tenants that run. Nothing is lost by it but time, so it is told, and not refused
 * (docs/adr/0019): by tenant where its own line is the reason, by host where the pool is.
 */
export function networkChanges({ planned, known }: Situation): Guarded {
  const moved = planned.tenants.flatMap((one) => {
    const from = new KnownTenant(one.plan.tenant, known).subnet;
    const to = one.plan.networks.internal.subnet;
    return from === undefined || from === to ? [] : [{ ...one, from, to }];
  });
  return {
    refused: [],
    steps: [],
    told: Object.values(planned.fleet.config.hosts).flatMap(({ name, networkPool }) => {
      const here = moved.filter(({ plan }) => plan.host === name);
      const isOwn = ({ tenant, from }: Moved) =>
        tenant.network !== undefined || slotOfNetwork(from, networkPool) !== undefined;
      const byPool = here.filter((one) => !isOwn(one)).map(({ plan }) => plan.tenant);
      return [
        ...here.filter(isOwn).map(byItself),
        ...(byPool.length === 0 ? [] : [byThePool(name, networkPool, byPool)]),
      ];
    }),
  };
}

interface Moved extends PlannedTenant {
  readonly from: string;
  readonly to: string;
}

const byItself = ({ plan: { tenant }, from, to }: Moved): EditFault => ({
  in: "tenants",
  at: ["tenants", tenant, "network"],
  fault: `${from} → ${to}: ${wholeTenant.words}`,
  remedy: `Write network: ${from} to leave it as it is.`,
});

const byThePool = (host: string, pool: string, tenants: readonly string[]): EditFault => ({
  in: "stack",
  at: ["hosts", host, "networkPool"],
  fault: `${pool} gives other networks to ${listed(tenants, most)}: every container of each is replaced, about 20 s down`,
  remedy: "Write the pool of before to leave them as they are.",
});
