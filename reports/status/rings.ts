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
}

/**
 * Each ring that has tenants.
 *
 * @param names of all rings, in the order in which upgrades reach them
 */
export const ringStatus = (names: readonly string[], tenants: readonly TenantStatus[]): RingStatus[] =>
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
      },
    ];
  });

const distinct = (names: readonly string[]) => [...new Set(names)].sort();
