import { moves } from "./move.ts";
import { networkChanges } from "./network.ts";
import { otherPostgres } from "./postgres.ts";
import { removals } from "./removal.ts";
import { rootChanges } from "./roots.ts";
import { secretsChanges } from "./secrets.ts";
import type { Guarded, Situation } from "./situation.ts";

/**
 * Holds the files against the stack's own state: edits that would lose data, or take a tenant away for a while, before
 * anything is made.
 */
export function guarded(situation: Situation): Guarded {
  const all = [removals, moves, networkChanges, otherPostgres, secretsChanges, rootChanges].map((guard) =>
    guard(situation),
  );
  return {
    refused: all.flatMap(({ refused }) => refused),
    told: all.flatMap(({ told }) => told),
    steps: all.flatMap(({ steps }) => steps),
  };
}
