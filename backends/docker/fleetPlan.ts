import type { Fleet, Host, StackConfig, Tenant } from "../../fleet/model.ts";
import { planTenant } from "../../fleet/tenant/plan.ts";
import { type DockerTenant, onDocker } from "./tenant.ts";

/** A tenant of the file as it will lie on its host. */
export const plannedTenant = (tenant: Tenant, host: Host, config: StackConfig): DockerTenant =>
  onDocker(planTenant(tenant, host, config), host);

/** A tenant as the file has it, and as what will run on its host. */
export interface PlannedTenant {
  readonly tenant: Tenant;
  readonly plan: DockerTenant;
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
    return host === undefined ? [] : [{ tenant, plan: plannedTenant(tenant, host, config) }];
  });
  return { fleet, tenants };
}
