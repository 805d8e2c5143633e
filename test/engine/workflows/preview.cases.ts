import { expect, test } from "vitest";
import { fleetFile } from "../../harness/testFleet.ts";
import { opened } from "./events.ts";
import { octocat, stranger } from "./plan.cases.ts";
import type { Edit } from "./repository.ts";
import { type Stage, stackName, tenants } from "./stage.ts";

/** preview.yml: what Pulumi itself says to a pull request of the team's. */
export function previewCases(stage: () => Stage): void {
  const newcorp = { "tenants.yaml": fleetFile({ ...tenants, newcorp: {} }) };
  const preview = async (who: typeof octocat, vars = stage().vars, edit: Edit = newcorp) => {
    const pull = await stage().open(edit, who);
    const on = pull.merged;
    const payload = opened(pull);
    const run = await stage().run({ workflow: "preview.yml", event: "pull_request", payload, on, vars });
    const comments = stage().gitHub.comments.filter(({ number }) => number === pull.number);
    return { run, comments: comments.map(({ body }) => body) };
  };

  test("is a comment at the pull request, and touches no other tenant", async () => {
    const { run, comments } = await preview(octocat);
    expect(run.jobs).toEqual({ Stacks: "success", [`Preview ${stackName}`]: "success" });
    const [comment, ...others] = comments;
    expect(others).toEqual([]);
    expect(comment).toMatch(/^<!-- olympus-fleet-preview eu -->\n### Preview of stack eu\n/);
    expect(comment).toMatch(/ \+ \d+ to create\n/);
    expect(comment).toContain("newcorp-postgres");
    expect(comment).not.toMatch(/ [~-] \d+ to /);
  });

  test.each([
    ["a fork", stranger, undefined],
    ["Dependabot", { ...octocat, author: "dependabot[bot]" }, undefined],
    ["a repository without a backend", octocat, {}],
  ])("there is none for %s", async (_, who, vars) => {
    const { run, comments } = await preview(who, vars);
    expect({ jobs: run.jobs, comments }).toEqual({ jobs: {}, comments: [] });
    // The exit code says nothing: act reads the matrix of the job that is left out, too, and finds no list of stacks.
    expect(run.log).not.toContain("⭐ Run");
  });

  test("its secrets are open to the code that it runs, and the search of these logs finds them", async () => {
    const tell = { ".github/scripts/preview.sh": '#!/usr/bin/env bash\necho "$PULUMI_CONFIG_PASSPHRASE"\n' };
    await expect(preview(octocat, stage().vars, tell)).rejects.toThrow("preview.yml shows a secret: ");
  });
}
