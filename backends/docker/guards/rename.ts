import { editDistance } from "../../../fleet/editDistance.ts";
import type { PlannedTenant } from "../fleetPlan.ts";
import type { KnownTenant } from "./knownTenant.ts";

/** A tenant that is gone from the files, and an entry that looks like it under another name. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * Each tenant that is gone with the newcomer that is like it, the nearest names first. Images and memory are compared
 * with what runs, since nobody knows the file of before: a rename with another edit in it is not seen as one.
 */
export function renames(gone: readonly KnownTenant[], newcomers: readonly PlannedTenant[]): Rename[] {
  const pairs = gone
    .flatMap((tenant) =>
      newcomers
        .filter((newcomer) => isLike(tenant, newcomer))
        .map(({ plan }) => ({
          from: tenant.name,
          to: plan.tenant,
          distance: editDistance(tenant.name, plan.tenant),
        })),
    )
    .sort((a, b) => a.distance - b.distance);
  const found: Rename[] = [];
  for (const { from, to } of pairs) {
    if (!found.some((pair) => pair.from === from || pair.to === to)) found.push({ from, to });
  }
  return found;
}

function isLike(tenant: KnownTenant, { plan }: PlannedTenant): boolean {
  const services = plan.workloads.filter(({ kind }) => kind === "service");
  const home = tenant.host;
  return (
    services.length > 0 &&
    (home === undefined || home === plan.host) &&
    services.every(({ part, image, memory }) => {
      const container = tenant.container(part);
      return container?.image === image && container.memoryMiB === memory.limitMiB;
    })
  );
}
