import { expect, test } from "vitest";
import { fleetFile } from "../../harness/testFleet.ts";
import { completed } from "./events.ts";
import { octocat, plan, stranger } from "./plan.cases.ts";
import type { PullRequest } from "./repository.ts";
import { type Run, type Stage, tenants } from "./stage.ts";

/** plan-comment.yml: posts what a run of plan.yml has left, on the default branch's code. */
export function commentCases(stage: () => Stage): void {
  const edit = { "tenants.yaml": fleetFile({ ...tenants, newcorp: {} }) };
  let mine: { pull: PullRequest; run: Run };

  const comment = async (pull: PullRequest, run: Parameters<typeof completed>[1]) =>
    stage().run({
      workflow: "plan-comment.yml",
      event: "workflow_run",
      payload: completed(pull, run),
      on: await stage().repository.main(),
      secrets: {},
    });
  const commentsAt = ({ number }: PullRequest) =>
    stage()
      .gitHub.comments.filter((one) => one.number === number)
      .map(({ body }) => body);

  test("shows the plan at its pull request", async () => {
    mine = await plan(stage(), edit, octocat);
    const { jobs } = await comment(mine.pull, { id: mine.run.id, conclusion: "success" });
    expect(jobs).toEqual({ Comment: "success" });
    const [body, ...others] = commentsAt(mine.pull);
    expect(others).toEqual([]);
    expect(body).toContain(
      `<!-- olympus-fleet-plan -->\n### Plan\n\nWhat ${mine.pull.headSha.slice(0, 12)} would change, worked out offline by`,
    );
    expect(body).toContain(`(https://github.com/we/fleet/actions/runs/${mine.run.id})`);
    expect(body).toContain("**`eu`**: 1 tenant added; nothing is interrupted (against `origin/main`)");
  });

  test("the next one takes its place; one of a run that was cancelled, or of a push, is none", async () => {
    const first = commentsAt(mine.pull);
    await comment(mine.pull, { id: mine.run.id, conclusion: "failure" });
    expect(commentsAt(mine.pull)).toEqual(first);
    for (const other of [{ conclusion: "cancelled" }, { conclusion: "success", event: "push" }]) {
      expect((await comment(mine.pull, { id: mine.run.id, ...other })).jobs).toEqual({});
    }
  });

  test("a fork's plan that names another pull request is shown at neither", async () => {
    const forged = `#!/usr/bin/env bash\nset -euo pipefail\nmkdir -p "$1/comment" "$1/full"
echo ${mine.pull.number} >"$1/comment/number"\necho "All is well." >"$1/comment/plan.md"\n`;
    const { pull, run } = await plan(stage(), { ".github/scripts/plan.sh": forged }, stranger);
    const before = stage().gitHub.comments.map(({ body }) => body);
    const { jobs, log } = await comment(pull, { id: run.id, conclusion: "success" });
    expect(jobs).toEqual({ Comment: "failure" });
    expect(log).toContain(
      `#${mine.pull.number} is not what was run: its head repository is we/fleet, the run's is stranger/fleet.`,
    );
    expect(stage().gitHub.comments.map(({ body }) => body)).toEqual(before);
  });
}
