import { type VerificationRecord, verificationRecordOf } from "./record.ts";
import type { Ring } from "./ring.ts";
import type { Rollout } from "./rollout.ts";
import { ringWaits, waitWords } from "./words.ts";

/** A ring as a run has found it. */
export interface RingState {
  /** Tenants by the release that they have, or get in this run. */
  readonly releases: Readonly<Record<string, readonly string[]>>;
  readonly verified: readonly VerificationRecord[];
  readonly waits: readonly {
    readonly release: string;
    readonly tenants: readonly string[];
    readonly for: readonly string[];
  }[];
}

/** All rings by name. It says the same until something changes, so that a run without changes has no changed output. */
export function ringSummary(rings: readonly Ring[], found: Rollout): Record<string, RingState> {
  const waiting = ringWaits(rings, found);
  return Object.fromEntries(
    rings.map(({ name }) => {
      const here = found.fleet.tenants.filter(({ ring }) => ring === name);
      const releases = [...new Set(here.map(({ release }) => release.name))];
      return [
        name,
        {
          releases: Object.fromEntries(
            releases.map((release) => [
              release,
              here.filter((one) => one.release.name === release).map((one) => one.name),
            ]),
          ),
          verified: (found.verified.get(name) ?? []).map(verificationRecordOf),
          waits: waiting
            .filter(({ ring }) => ring === name)
            .map(({ release, tenants, waits }) => ({ release, tenants, for: waits.map(waitWords) })),
        },
      ];
    }),
  );
}
