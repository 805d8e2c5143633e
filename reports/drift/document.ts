import { type Drift, sorted } from "./drift.ts";
import type { Pending } from "./pending.ts";

/** What `fleet drift --json` prints. `version` is one higher when a field goes or changes its meaning. */
export interface DriftDocument {
  readonly version: 1;
  readonly stack: string;
  /** `incomplete`: nothing has been found, and not everything could be looked at. */
  readonly verdict: "clean" | "drift" | "incomplete";
  /** What is no longer as the last `pulumi up` has left it. */
  readonly drift: readonly Drift[];
  readonly notCompared: readonly NotCompared[];
  /** What the files say and no `pulumi up` has done yet; counts for nothing in the verdict. */
  readonly pending: readonly Pending[];
}

/** A part of the stack that could not be looked at. */
export interface NotCompared {
  /** `host eu-1`, `DNS`, `tenants.yaml and the stack's configuration`. */
  readonly what: string;
  readonly why: string;
  /** Tenants of which nothing is known because of that. */
  readonly tenants: readonly string[];
}

export function driftDocument(
  stack: string,
  found: Pick<DriftDocument, "drift" | "notCompared" | "pending">,
): DriftDocument {
  const drift = sorted(withoutRepetition(found.drift));
  const incomplete = found.notCompared.length > 0 ? "incomplete" : "clean";
  return { version: 1, stack, ...found, drift, verdict: drift.length > 0 ? "drift" : incomplete };
}

/** A container that another one has taken the name of is told twice: as removed, and how to go on. */
function withoutRepetition(drift: readonly Drift[]): Drift[] {
  const key = ({ owner, kind, name, how }: Drift) => [owner.kind, owner.name, kind, name, how].join(" ");
  const byHand = new Set(drift.filter(({ mend }) => mend === "hand").map(key));
  return drift.filter((one) => one.mend === "hand" || !byHand.has(key(one)));
}
