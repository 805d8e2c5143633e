import type { EditFault } from "../../../fleet/editFault.ts";
import type { DockerTenant } from "../tenant.ts";
import { KnownTenant } from "./knownTenant.ts";
import type { Guarded, Situation } from "./situation.ts";

/**
 * Another `host` for a tenant that has data. It does not move along, so the tenant would begin empty there, or, without
 * protection, lose what it has. Refused with and without.
 */
export function moves(situation: Situation): Guarded {
  const { fleet, tenants } = situation.planned;
  const refused = tenants.flatMap(({ plan }): EditFault[] => {
    const { tenant, host } = plan;
    const home = homeOf(plan, situation);
    if (home === undefined || home === host) return [];
    return [
      {
        in: "tenants",
        at: ["tenants", tenant, "host"],
        fault: `${host} is another host, and the tenant's data is on ${home}: it does not move, and the tenant would begin empty on ${host}`,
        remedy: `Write host: ${home}${Object.hasOwn(fleet.config.hosts, home) ? "" : `, and the host ${home} into olympus:hosts again`}. No command moves data to another host yet.`,
      },
    ];
  });
  return { refused, told: [], steps: [] };
}

/** Where its data is, by the state, or else by the hosts; undefined for one without data, and where nobody knows. */
function homeOf({ tenant, host, volume }: DockerTenant, { known, facts }: Situation): string | undefined {
  const before = new KnownTenant(tenant, known);
  if (!before.holdsData) return undefined;
  if (before.host !== undefined) return before.host;
  const here = facts.get(host);
  if (here === undefined || here.volumes.has(volume)) return undefined;
  return [...facts].find(([, { volumes }]) => volumes.get(volume)?.tenant === tenant)?.[0];
}
