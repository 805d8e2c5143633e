import { releaseId } from "../release.ts";
import type { RingTenant } from "./admission.ts";
import type { Ledger } from "./ledger.ts";

/** When a tenant's ring was last seen healthy or ill with the release that it asks for; undefined where it was not yet. */
export function lastSeen(
  { ring, wanted }: Pick<RingTenant, "ring" | "wanted">,
  { verified }: Ledger,
): Date | undefined {
  const before = verified.get(ring)?.find(({ id }) => id === releaseId(wanted));
  // What was held against it once is not held against it for ever.
  return before?.failure?.at ?? before?.at;
}

/**
 * Since when visits speak for or against the release. While a tenant is given one visitors may meet errors, so nothing counts
 * before its ring was verified, nor before a tenant that came later had it.
 */
export function visitsSince(
  tenant: Pick<RingTenant, "name" | "ring" | "wanted">,
  ledger: Ledger,
): Date | undefined {
  const seen = lastSeen(tenant, ledger);
  const given = ledger.since.get(tenant.name);
  return seen !== undefined && given !== undefined && given > seen ? given : seen;
}
