import type { PlannedFleet } from "../../backends/docker/fleetPlan.ts";
import { problemLine } from "../../files/problem.ts";
import { releaseWarnings } from "../../files/release/pairs.ts";
import { type PlanDocument, stackDocument } from "../../reports/plan/document.ts";
import { worstOf } from "../../reports/plan/fleetChanges.ts";
import { markdown } from "../../reports/plan/markdown.ts";
import { page } from "../../reports/plan/page.ts";
import { stackReport } from "../../reports/plan/stackReport.ts";
import { command, exitCodes, type Terminal, UsageError } from "../command.ts";
import { writeWhole } from "../file.ts";
import { revision } from "../git.ts";
import { type PlanOptions, planOptions, usage } from "./options.ts";
import { folderFiles, noStack, revisionFiles, side, stacksOf } from "./sides.ts";
import { text } from "./text.ts";

/** What the files declare and what changes, without engine, credentials or Pulumi. */
export const plan = command({
  summary: "what the files declare and change, offline; for reviewers and CI",
  usage,
  options: planOptions,
  run: async (options, terminal) => {
    const document = planDocument(terminal.project, options, new Date());
    print(document, options, terminal);
    return exitCode(document, options);
  },
});

/** Reads both states of the files, as they stand at a time. */
export function planDocument(
  project: string,
  { stacks, against, prices }: PlanOptions,
  time: Date,
): PlanDocument {
  const now = folderFiles(project);
  const before = against === undefined ? undefined : revisionFiles(revision(project, against));
  const known = [...new Set([...stacksOf(now), ...(before === undefined ? [] : stacksOf(before))])].sort();
  const wanted = stacks.length > 0 ? [...new Set(stacks)] : known;
  if (wanted.length === 0) throw new UsageError(noStack);
  return {
    version: 1,
    ...(against !== undefined && { against }),
    stacks: wanted.map((stack) => {
      const after = side(stack, now, time);
      const earlier = before === undefined ? "none" : side(stack, before);
      if (after === undefined && (earlier === undefined || earlier === "none")) {
        throw new UsageError(
          `--stack ${stack}: there is no Pulumi.${stack}.yaml. Stacks here: ${known.join(", ")}.`,
        );
      }
      const report = (planned: PlannedFleet, warnings: readonly string[]) =>
        stackReport(planned, prices, [...warnings, ...releaseWarnings(planned.fleet.tenants)]);
      return stackDocument(stack, earlier, after, report, time);
    }),
  };
}

function print(document: PlanDocument, { format, html }: PlanOptions, terminal: Terminal): void {
  if (html !== undefined) {
    writeWhole("--html", html, page(document));
    if (format === "table") {
      terminal.err(`${html} written\n`);
      return;
    }
  }
  if (format === "json") terminal.out(`${JSON.stringify(document, null, 2)}\n`);
  else if (format === "markdown") terminal.out(markdown(document));
  else {
    terminal.out(text(document, terminal));
    for (const line of wrongLines(document)) terminal.err(`${line}\n`);
  }
}

/** Stacks share tenants.yaml and releases.yaml: what is wrong there is wrong for each, and told once. */
function wrongLines({ stacks }: PlanDocument): string[] {
  const lines = stacks.flatMap(({ problems, changes }) => [
    ...problems.map(problemLine),
    ...(changes?.refusals ?? []),
  ]);
  return [...new Set(lines)];
}

function exitCode({ stacks }: PlanDocument, { failsOnDestroy }: PlanOptions): number {
  const isWrong = stacks.some(
    ({ problems, changes }) => problems.length > 0 || (changes?.refusals.length ?? 0) > 0,
  );
  if (isWrong) return exitCodes.problems;
  const destroys = stacks.some(({ changes }) => changes !== undefined && worstOf(changes) === "destroys");
  return failsOnDestroy && destroys ? exitCodes.destroys : exitCodes.fine;
}
