import * as pulumi from "@pulumi/pulumi";
import { plannedFleet } from "../backends/docker/fleetPlan.ts";
import type { Known } from "../backends/docker/known.ts";
import { ledgerOf } from "../backends/docker/ledger.ts";
import type { Fleet } from "../fleet/model.ts";
import { backLines } from "../fleet/rings/givenUp.ts";
import { emptyLedger, type Ledger } from "../fleet/rings/ledger.ts";
import { type Rollout, rollout } from "../fleet/rings/rollout.ts";
import { ringWaitLine, ringWaits } from "../fleet/rings/words.ts";
import { askTenants, comingBack } from "./tenantHealth.ts";

/**
 * Which tenant gets which release in this run. Tenants whose health decides it are asked, in a preview as well. Only
 * `up` also tries to sign in there, so it may stop at what a preview lets pass.
 *
 * @param refused tenants that this run may not touch
 * @param known undefined where there is no state yet
 */
export async function rollOut(
  fleet: Fleet,
  known: Known | undefined,
  refused: ReadonlySet<string>,
  now: Date,
): Promise<Rollout> {
  const ledger: Ledger = known === undefined ? emptyLedger : ledgerOf(known);
  const args = { fleet, ledger, now, refused };
  const first = rollout({ ...args, findings: new Map() });
  if (first.asked.size === 0) return told(fleet, ledger, first);
  const later = comingBack(first.asked, known);
  const askable = new Set([...first.asked].filter((name) => !later.has(name)));
  // To try a tenant is to sign in there, and leaves a trace. A preview leaves none.
  const answers = await askTenants(plannedFleet(first.fleet), askable, ledger, now, {
    withTrials: !pulumi.runtime.isDryRun(),
  });
  return told(fleet, ledger, rollout({ ...args, findings: new Map([...answers, ...later]) }));
}

/** Says who goes back, and what waits: nobody shall take a tenant that stays as it is for one that was forgotten. */
async function told(fleet: Fleet, ledger: Ledger, found: Rollout): Promise<Rollout> {
  for (const line of backLines(fleet, ledger)) await pulumi.log.info(line);
  for (const wait of ringWaits(fleet.rings, found)) {
    const isTrouble = wait.waits.some(({ kind }) => kind === "failed" || kind === "unknown");
    await (isTrouble ? pulumi.log.warn : pulumi.log.info)(ringWaitLine(wait));
  }
  return found;
}
