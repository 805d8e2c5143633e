import type { Release } from "../model.ts";
import { releaseId } from "../release.ts";
import type { RingTenant } from "./admission.ts";
import { type Ledger, withVerification } from "./ledger.ts";

/**
 * The ledger without trust in releases that tenants go back from in this run. Who writes such a release again means it as a new
 * one: it comes nowhere at once for having been there before, and no ring after one that has given it up gets it meanwhile.
 */
export function withoutGivenUp(ledger: Ledger, tenants: readonly RingTenant[], now: Date): Ledger {
  const verified = new Map(ledger.verified);
  for (const tenant of tenants) {
    const { name, ring, wanted } = tenant;
    const left = givenUp(tenant, ledger);
    if (left === undefined) continue;
    const id = releaseId(left);
    const all = verified.get(ring) ?? [];
    const before = all.find((one) => one.id === id);
    // What was its own, ahead of its ring, is nobody else's affair.
    if (before?.ahead !== undefined) continue;
    const isKept = tenants.some((one) => one.runs && one.ring === ring && releaseId(one.wanted) === id);
    if (isKept) {
      // It is the ring's still, and has to prove itself without this tenant.
      if (before !== undefined) verified.set(ring, withVerification(all, { ...before, at: now }));
      continue;
    }
    const failure = { at: now, words: `${name} went back from it to ${wanted.name}` };
    const note = { ...before, id, release: left.name, at: now, failure };
    verified.set(ring, withVerification(all, note));
  }
  return { ...ledger, verified };
}

/** What a tenant goes back from: its ring was healthy with what it gets before it was given that. */
function givenUp({ name, ring, wanted, runs }: RingTenant, ledger: Ledger): Release | undefined {
  const own = ledger.given.get(name);
  if (!runs || own === undefined) return undefined;
  const isNow = releaseId(own) !== releaseId(wanted);
  // A run that was killed has given it what it goes back to, and has not noted what that says of its ring.
  const from = isNow ? { release: own, since: ledger.since.get(name) } : ledger.left.get(name);
  const target = ledger.verified.get(ring)?.find(({ id }) => id === releaseId(wanted));
  const isBack =
    target !== undefined &&
    target.failure === undefined &&
    from?.since !== undefined &&
    target.at < from.since;
  return isBack ? from.release : undefined;
}
