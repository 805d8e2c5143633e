import { Known } from "../../backends/docker/known.ts";
import { ledgerOf } from "../../backends/docker/ledger.ts";
import type { Fleet } from "../../fleet/model.ts";
import type { Finding } from "../../fleet/rings/admission.ts";
import { visitsSince } from "../../fleet/rings/lastSeen.ts";
import { rollout } from "../../fleet/rings/rollout.ts";
import { type RingWait, ringWaits } from "../../fleet/rings/words.ts";
import { failingWords, isFailing } from "../../fleet/siteErrors.ts";
import { exportedResources } from "../exported.ts";
import type { TenantStatus } from "./status.ts";

/** What the stack's state says of rings, held against how their tenants are now. */
export interface RingFacts {
  /** By ring: since when it has been healthy with the release that it was last verified with. */
  readonly since: ReadonlyMap<string, { readonly release: string; readonly at: Date }>;
  readonly waits: readonly RingWait[];
}

/**
 * What the next `up` would find, if it asked what status has asked.
 *
 * @param state what `pulumi stack export` has printed
 * @param tenants those that were asked; of others nothing is known, and a ring that depends on one is not held up by it
 */
export function ringFacts(
  fleet: Fleet,
  state: string,
  tenants: readonly TenantStatus[],
  now: Date,
): RingFacts {
  const ledger = ledgerOf(new Known(exportedResources(state)));
  const sinceOf = new Map(fleet.tenants.map((one) => [one.name, visitsSince(one, ledger)]));
  const findings = new Map(tenants.map((one) => [one.tenant, findingOf(one, sinceOf.get(one.tenant))]));
  const found = rollout({ fleet, ledger, now, findings, refused: new Set() });
  return {
    waits: ringWaits(fleet.rings, found),
    since: new Map(
      [...ledger.verified].flatMap(([ring, all]) => {
        const last = all.at(-1);
        // One that was not well later is not healthy since then.
        return last === undefined || last.failure !== undefined
          ? []
          : [[ring, { release: last.release, at: last.at }] as const];
      }),
    ),
  };
}

/**
 * Pages and certificates are not the release's affair, so only what it is made of counts, and what visitors were answered.
 *
 * @param since from when on visits count. Status has counted no further back than a quarter of an hour, and what it has counted of
 *   before then says nothing
 */
function findingOf({ tenant, services, isWritten, sites }: TenantStatus, since: Date | undefined): Finding {
  const states = Object.entries(services);
  const sick = states.find(
    ([, state]) => state === "unhealthy" || state === "missing" || state === "stopped",
  );
  if (sick !== undefined) return { kind: "failed", words: `${sick[0]} of ${tenant} is ${sick[1]}` };
  if (isWritten === false) return { kind: "failed", words: `the database of ${tenant} cannot be written` };
  const failing = sites.find(
    (site) => isFailing(site) && since !== undefined && new Date(site.since) >= since,
  );
  if (failing !== undefined) {
    const words = failingWords(tenant, { ...failing, since: new Date(failing.since) });
    return { kind: "failed", words };
  }
  const open = states.find(([, state]) => state === "unknown");
  return open === undefined
    ? { kind: "passed" }
    : { kind: "unknown", words: `${open[0]} of ${tenant} could not be asked` };
}
