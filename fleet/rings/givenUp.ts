import { listed } from "../listed.ts";
import type { Fleet, Release } from "../model.ts";
import { releaseId } from "../release.ts";
import { dispositionOf } from "../tenant/state.ts";
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
    const left = tenant.runs ? givenUp(tenant, ledger)?.left : undefined;
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
function givenUp(
  { name, ring, wanted }: Pick<RingTenant, "name" | "ring" | "wanted">,
  ledger: Ledger,
): { readonly left: Release; readonly isNow: boolean } | undefined {
  const own = ledger.given.get(name);
  if (own === undefined) return undefined;
  const isNow = releaseId(own) !== releaseId(wanted);
  // A run that was killed has given it what it goes back to, and has not noted what that says of its ring.
  const from = isNow ? { release: own, since: ledger.since.get(name) } : ledger.left.get(name);
  const target = ledger.verified.get(ring)?.find(({ id }) => id === releaseId(wanted));
  const isBack =
    target !== undefined &&
    target.failure === undefined &&
    from?.since !== undefined &&
    target.at < from.since;
  return isBack ? { left: from.release, isNow } : undefined;
}

/** How many tenants a line names. */
const most = 5;

/** `ring canary: back to 2026.11: c1, c2. That waits for no window, bake or hold.` */
export function backLines({ rings, tenants }: Pick<Fleet, "rings" | "tenants">, ledger: Ledger): string[] {
  return rings.flatMap(({ name }) => {
    const back = tenants.filter(
      (one) => one.ring === name && dispositionOf(one.state).runs && givenUp(one, ledger)?.isNow === true,
    );
    const releases = [...new Set(back.map(({ wanted }) => wanted.name))];
    return releases.map((release) => {
      const names = back.filter(({ wanted }) => wanted.name === release).map((one) => one.name);
      return `ring ${name}: back to ${release}: ${listed(names, most)}. That waits for no window, bake or hold.`;
    });
  });
}
