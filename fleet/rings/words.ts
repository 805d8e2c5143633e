import { listed } from "../listed.ts";
import { releaseId } from "../release.ts";
import { printedDuration } from "./duration.ts";
import type { Ring } from "./ring.ts";
import type { Rollout } from "./rollout.ts";
import type { Wait } from "./wait.ts";

/** How many tenants a line names. */
const most = 5;

/** `2026-11-28 16:00 UTC` */
export const momentWords = (moment: Date) => `${moment.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** Why a ring waits. */
export function waitWords(wait: Wait): string {
  switch (wait.kind) {
    case "hold":
      return "the ring is on hold";
    case "window":
      return wait.opens === undefined
        ? "its window is over (write the next one, or none)"
        : `its window opens ${momentWords(wait.opens)}`;
    case "bake": {
      const bake = `${wait.ring} must be healthy with it for ${printedDuration(wait.seconds)}`;
      return wait.since === undefined || wait.until === undefined
        ? `${bake}, and has not been seen healthy with it yet`
        : `${bake}: since ${momentWords(wait.since)}, until ${momentWords(wait.until)}`;
    }
    case "ring":
      return `${wait.ring} waits itself`;
    case "failed":
      return `${wait.ring} is not healthy with it: ${wait.words}`;
    case "unknown":
      return `nobody knows whether ${wait.ring} is healthy with it: ${wait.words}`;
  }
}

/** What one ring waits for, with one release. */
export interface RingWait {
  readonly ring: string;
  readonly release: string;
  /** Tenants that keep what they have. */
  readonly tenants: readonly string[];
  readonly waits: readonly Wait[];
}

/** What waits, in the order of the rings. */
export function ringWaits(
  rings: readonly Ring[],
  { fleet, shares }: Pick<Rollout, "fleet" | "shares">,
): RingWait[] {
  return rings.flatMap(({ name }) => {
    const here = fleet.tenants.filter(({ ring }) => ring === name);
    const ids = [...new Set(here.map(({ wanted }) => releaseId(wanted)))];
    return ids.flatMap((id): RingWait[] => {
      const waiting = here.filter(
        (tenant) => releaseId(tenant.wanted) === id && (shares.get(tenant.name)?.waits.length ?? 0) > 0,
      );
      const [first] = waiting;
      if (first === undefined) return [];
      return [
        {
          ring: name,
          release: first.wanted.name,
          tenants: waiting.map((tenant) => tenant.name),
          waits: shares.get(first.name)?.waits ?? [],
        },
      ];
    });
  });
}

/** `ring early: 2026.12 waits: canary must be healthy with it for 24h: since …, until …. acme, bigcorp keep what they have.` */
export const ringWaitLine = ({ ring, release, tenants, waits }: RingWait) =>
  `ring ${ring}: ${release} waits: ${waits.map(waitWords).join("; ")}. ${listed(tenants, most)} ${tenants.length === 1 ? "keeps" : "keep"} what ${tenants.length === 1 ? "it has" : "they have"}.`;

/** Why a run fails at its end. */
export const failureWords = ({ ring, release, words }: Rollout["failures"][number]) =>
  `ring ${ring} is not healthy with ${release}: ${words}.
No other ring gets ${release} from it. When it is well again, the bake begins again. The way back: write the release of before, pulumi up.`;
