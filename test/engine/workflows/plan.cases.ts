import { expect, test } from "vitest";
import { fleetFile } from "../../harness/testFleet.ts";
import { opened } from "./events.ts";
import { repositoryName } from "./repository.ts";
import { type Stage, tenants } from "./stage.ts";

export const octocat = { author: "octocat", from: repositoryName };
export const stranger = { author: "stranger", from: "stranger/fleet" };

/** Opens a pull request, and runs plan.yml on it. */
export async function plan(stage: Stage, ...args: Parameters<Stage["open"]>) {
  const pull = await stage.open(...args);
  const on = pull.merged;
  const run = await stage.run({ workflow: "plan.yml", event: "pull_request", payload: opened(pull), on });
  return { pull, run };
}

/** plan.yml: what a pull request would change, for people without credentials. */
export function planCases(stage: () => Stage): void {
  test("says what an edit means, what it lacks, and leaves both for the comment and as a page", async () => {
    const mail = { smtp: "main", from: "login@olympus.test" };
    const edit = { "tenants.yaml": fleetFile({ ...tenants, newcorp: { mail } }) };
    const { pull, run } = await plan(stage(), edit, octocat);
    expect(run.jobs).toEqual({ "Offline plan": "success" });
    const text = await run.artefact("plan-comment/plan.md");
    expect(text).toMatch(
      /^## Stack eu\n\n\*\*`eu`\*\*: 1 tenant added; nothing is interrupted \(against `origin\/main`\)\n/,
    );
    expect(text).toContain("new on eu-1: ring stable, release 2026.11, 503MiB reserved");
    // The stack has no such secret yet; a reviewer without credentials learns it here.
    expect(text).toContain("stack eu has no secret olympus:smtp-main (it has no SMTP secret).");
    expect(await run.artefact("plan-comment/number")).toBe(`${pull.number}\n`);
    expect(await run.artefact("plan/plan.md")).toBe(text);
    expect(await run.artefact("plan/eu.html")).toContain("newcorp");
    expect(run.log).toContain(`Summary - ${text.trimEnd()}\n`);
  });

  test("a mistake fails it, and is what is left for the comment", async () => {
    const edit = { "tenants.yaml": fleetFile({ ...tenants, newcorp: { hosst: "eu-1" } }) };
    const { run } = await plan(stage(), edit, octocat);
    expect(run.jobs).toEqual({ "Offline plan": "failure" });
    expect(await run.artefact("plan-comment/plan.md")).toBe(
      "## Stack eu\n\nNo plan: mend this first.\n\n    **`eu`**: 1 problem, no plan\n    \n" +
        "    - tenants.yaml:1:135 tenants.newcorp.hosst: there is no such key. Did you mean host?\n\n",
    );
  });

  test("a fork's code sees no secret, even where the repository has some", async () => {
    const look = "#!/usr/bin/env bash\nset -euo pipefail\nenv\ncat /proc/$PPID/environ\n";
    // The log of each run is searched for every secret.
    const { run } = await plan(stage(), { ".github/scripts/plan.sh": look }, stranger);
    expect(run.log).toContain("\nOffline plan: PR_NUMBER=");
  });
}
