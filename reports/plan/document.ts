import type { PlannedFleet } from "../../backends/docker/fleetPlan.ts";
import { type Problem, problemLine } from "../../files/problem.ts";
import { type FleetChanges, fleetChanges } from "./fleetChanges.ts";

import type { StackReport } from "./stackReport.ts";

/** What `fleet plan --json` prints. `version` is one higher when a field goes or changes its meaning. */
export interface PlanDocument {
  readonly version: 1;
  /** The revision that changes are held against, as written; missing without `--against`. */
  readonly against?: string;
  readonly stacks: readonly StackDocument[];
}

export interface StackDocument {
  readonly stack: string;
  /** What is wrong with the files. With one of these there is neither `report` nor `changes`. */
  readonly problems: readonly DocumentProblem[];
  readonly report?: StackReport;
  readonly changes?: FleetChanges;
}

/** A line of a file that is wrong, and what to write. */
export interface DocumentProblem extends Problem {
  /** `now` in the files as they are, `before` in those of the revision. */
  readonly side: "now" | "before";
}

/** One state of a stack's files: sound, wrong, or not there. */
export type Side = SoundSide | { readonly problems: readonly Problem[] } | undefined;

export interface SoundSide {
  readonly planned: PlannedFleet;
  /** What is missing for `pulumi up`, and not for a plan: secrets of the stack. Default: nothing. */
  readonly missing?: readonly Problem[];
}

export const problemsOf = (side: Side): readonly Problem[] =>
  side !== undefined && "problems" in side ? side.problems : [];

/**
 * What is wrong with the files is told of the files as they are. A fault that the revision has, too, is then told once; one
 * that it alone has is mended by the edit, and only keeps the two from being compared.
 *
 * @param before undefined for a stack that the revision does not have; `none` when nothing is compared
 * @param now what the times are counted from at which releases reach rings
 * @param reported makes the report, with more warnings; called only for sound files
 */
export function stackDocument(
  stack: string,
  before: Side | "none",
  after: Side,
  reported: (planned: PlannedFleet, warnings: readonly string[]) => StackReport,
  now: Date,
): StackDocument {
  const problems = problemsOf(after).map((problem) => ({ ...problem, side: "now" as const }));
  if (problems.length > 0) return { stack, problems };
  const wrong = before === "none" ? [] : problemsOf(before);
  if (after === undefined || !("planned" in after)) {
    // A stack that was wrong and is gone had nothing that could be said of it.
    return wrong.length > 0
      ? { stack, problems: wrong.map((problem) => ({ ...problem, side: "before" as const })) }
      : { stack, problems, changes: goneStack(stack) };
  }
  const missing = (after.missing ?? []).map((problem) => `For \`pulumi up\`: ${problemLine(problem)}`);
  const report = reported(after.planned, [...missing, ...wrong.map(incomparable)]);
  if (before === "none" || wrong.length > 0) return { stack, problems, report };
  const earlier = before !== undefined && "planned" in before ? before.planned : undefined;
  return { stack, problems, report, changes: fleetChanges(earlier, after.planned, now) };
}

const incomparable = (problem: Problem) => `What changes is not known: ${problemLine(problem)}`;

function goneStack(stack: string): FleetChanges {
  const words = `stack ${stack} has no file any more`;
  const consequence = "what it made stays until `pulumi destroy`, and nobody looks after it";
  return {
    stack: [
      { subject: "stack", effect: "destroys", differences: [{ property: "stack", words }], consequence },
    ],
    tenants: [],
    refusals: [],
  };
}
