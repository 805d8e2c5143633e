import type { EditFault } from "../../../fleet/editFault.ts";
import type { Fleet, Tenant } from "../../../fleet/model.ts";
import { dayOf } from "../../../fleet/purge.ts";
import type { Known } from "../known.ts";
import { KnownTenant } from "./knownTenant.ts";

/** What a run does about the tenants that are to be purged. One of which nothing is left is in none of these. */
export interface Purging {
  /** Closed, and from this run on without protection. Pulumi looks at what the run before has left of it. */
  readonly unprotected: readonly Tenant[];
  /** Deleted in this run, with all their data. */
  readonly deleted: readonly string[];
  readonly refused: readonly EditFault[];
}

/**
 * Holds what is to be purged against what the state has of it.
 *
 * @param known undefined where there is no state yet: then there is nothing to purge
 */
export function purging({ purges, config }: Fleet, known: Known | undefined, now: Date): Purging {
  const unprotected: Tenant[] = [];
  const deleted: string[] = [];
  const refused: EditFault[] = [];
  for (const { tenant: name, day, retired } of known === undefined ? [] : purges) {
    const found = known && new KnownTenant(name, known);
    if (!found?.hasBegun) continue;
    const at = ["tenants", name, "purge"];
    if (found.runs) {
      refused.push({
        in: "tenants",
        at,
        fault: `${name} runs, and only what was retired before can be purged`,
        remedy: "Remove this line, pulumi up, and write it again after that.",
      });
    } else if (day !== dayOf(now)) {
      refused.push({
        in: "tenants",
        at,
        fault: `is for ${day}, today is ${dayOf(now)} (UTC), and the data of ${name} is still there`,
        remedy: `Write the day on which it is to be deleted, purge: "${name} ${dayOf(now)}", or remove the line to keep it.`,
      });
    } else if (config.protectData && !found.isUnprotected) {
      unprotected.push(retired);
    } else {
      deleted.push(name);
    }
  }
  return { unprotected, deleted, refused };
}
