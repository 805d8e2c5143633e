import type { Fleet, Tenant } from "./model.ts";
import { planTenant, type TenantPlan } from "./tenant/plan.ts";

/** A tenant as the file has it, and as what will run. */
export interface PlannedTenant {
  readonly tenant: Tenant;
  readonly plan: TenantPlan;
}

/** A stack's fleet with the plan of each of its tenants. */
export interface PlannedFleet {
  readonly fleet: Fleet;
  /** In the order of the file. */
  readonly tenants: readonly PlannedTenant[];
}

export function plannedFleet(fleet: Fleet): PlannedFleet {
  const { config } = fleet;
  const tenants = fleet.tenants.flatMap((tenant) => {
    const host = config.hosts[tenant.host];
    return host === undefined ? [] : [{ tenant, plan: planTenant(tenant, host, config) }];
  });
  return { fleet, tenants };
}
