import { afterAll, beforeAll, describe } from "vitest";
import { commentCases } from "./workflows/comment.cases.ts";
import { deployCases } from "./workflows/deploy.cases.ts";
import { driftCases } from "./workflows/drift.cases.ts";
import { planCases } from "./workflows/plan.cases.ts";
import { previewCases } from "./workflows/preview.cases.ts";
import { ringsCases } from "./workflows/rings.cases.ts";
import { Stage } from "./workflows/stage.ts";

/**
 * The workflows of `.github/workflows`, run by `act` on this machine as GitHub would run them: for a pull request of
 * somebody of the team and of a stranger with a fork, for a push, at night, every hour. Pulumi, host and tenant are real; the
 * actions and GitHub's API are stand-ins of ours.
 *
 * What only GitHub can do is not in it: whether an environment's reviewers are waited for and which branches may use its
 * secrets; that a fork's run gets no secrets, and `workflow_run` the default branch's code; permissions of a token other
 * than by the table in gitHubState.ts; `concurrency`; runners of GitHub's. `checks.yml` is not run: its steps are
 * those of `.ci/run`.
 */
let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(() => stage?.clear());

describe("plan.yml", () => planCases(() => stage));
describe("plan-comment.yml", () => commentCases(() => stage));
// In this order: they look at what has been deployed.
describe("deploy.yml", () => deployCases(() => stage));
describe("preview.yml", () => previewCases(() => stage));
describe("drift.yml", () => driftCases(() => stage));
describe("rings.yml", () => ringsCases(() => stage));
