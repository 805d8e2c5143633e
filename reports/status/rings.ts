import { momentWords, waitWords } from "../../fleet/rings/words.ts";
import type { RingFacts } from "./ringWaits.ts";
import type { TenantStatus } from "./status.ts";
import { type Verdict, worstOf } from "./verdict.ts";

/** How the tenants of a ring are, of those that were asked. */
export interface RingStatus {
  readonly ring: string;
  readonly verdict: Verdict;
  /** In the order of the file. */
  readonly tenants: readonly string[];
  /** The releases that the files name for those of them that are active, sorted. */
  readonly releases: readonly string[];
  /** The releases that their containers are of, sorted; empty when nobody knows. */
  readonly running: readonly string[];
  /** Release and time (ISO 8601 in UTC) since when the ring has been healthy with it. Only where Pulumi's state was asked. */
  readonly healthy?: { readonly release: string; readonly since: string };
  /** What its tenants do not get yet, and why. Only where Pulumi's state was asked. */
  readonly waits?: readonly {
    readonly release: string;
    readonly tenants: readonly string[];
    readonly for: readonly string[];
  }[];
}

/**
 * Each ring that has tenants.
 *
 * @param names of all rings, in the order of the file
 * @param facts what Pulumi's state says of them; undefined where nobody asked it
 */
export const ringStatus = (
  names: readonly string[],
  tenants: readonly TenantStatus[],
  facts?: RingFacts,
): RingStatus[] =>
  names.flatMap((ring) => {
    const here = tenants.filter((one) => one.ring === ring);
    if (here.length === 0) return [];
    return [
      {
        ring,
        verdict: worstOf(here),
        tenants: here.map(({ tenant }) => tenant),
        releases: distinct(here.flatMap(({ state, release }) => (state === "active" ? release : []))),
        running: distinct(here.flatMap(({ running }) => running)),
        ...(facts && ofState(ring, facts)),
      },
    ];
  });

function ofState(ring: string, { since, waits }: RingFacts): Pick<RingStatus, "healthy" | "waits"> {
  const found = since.get(ring);
  return {
    ...(found && { healthy: { release: found.release, since: found.at.toISOString() } }),
    waits: waits
      .filter((one) => one.ring === ring)
      .map((one) => ({ release: one.release, tenants: one.tenants, for: one.waits.map(waitWords) })),
  };
}

/** `2026.12, 2026-11-28 12:00 UTC`; empty where nobody knows. */
export const healthyWords = ({ healthy }: RingStatus) =>
  healthy === undefined ? "?" : `${healthy.release}, ${momentWords(new Date(healthy.since))}`;

/** `2026.13: the ring is on hold`; empty where nothing waits. */
export const ringWaitWords = ({ waits = [] }: RingStatus) =>
  waits.map((one) => `${one.release}: ${one.for.join("; ")}`).join(". ");

const distinct = (names: readonly string[]) => [...new Set(names)].sort();
