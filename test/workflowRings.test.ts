import { describe, expect, test } from "vitest";
import { type Answer, ScriptBox } from "./harness/scriptBox.ts";

/** The scripts of rings.yml: which stack may go on and where, what waits, and the issue when it could not. */

const box = new ScriptBox();
const [sha, other] = ["a".repeat(40), "b".repeat(40)];
const env = { GITHUB_REPOSITORY: "we/fleet", RUN_URL: "https://example.test/run" };

describe("lastDeployment.mjs", () => {
  const bot = { login: "github-actions[bot]" };
  const at = "repos/we/fleet/deployments";
  const gitHub = (deployments: readonly object[], states: readonly string[]) =>
    box.stub("gh", [
      { to: `api ${at}?environment=eu&per_page=100`, says: deployments },
      // The newest first, as GitHub has them.
      {
        to: `api ${at}/12/statuses?per_page=100`,
        says: states.map((state, index) => ({ id: 90 - index, state })),
      },
    ]);
  const git = (...answers: readonly Answer[]) =>
    box.stub("git", [
      ...answers,
      { to: `merge-base --is-ancestor ${sha} HEAD` },
      { to: `cat-file -e ${sha}:.github/scripts/rings.sh` },
    ]);
  const outputs = () =>
    Object.fromEntries(
      box
        .read("output")
        .trim()
        .split("\n")
        .map((line) => [line.slice(0, line.indexOf("=")), JSON.parse(line.slice(line.indexOf("=") + 1))]),
    );
  const list = () => {
    expect(box.run("lastDeployment.mjs", ["list"], { ...env, STACKS: '["eu"]' })).toMatchObject({
      status: 0,
      stderr: "",
    });
    return outputs();
  };
  const last = { id: 12, sha, creator: bot };

  test("lets a stack go on at the commit of its last deployment", () => {
    gitHub([last, { id: 11, sha: other, creator: bot }], ["success", "in_progress", "waiting"]);
    git();
    expect(list()).toEqual({ on: [{ stack: "eu", sha }], stays: {} });
  });

  test("takes the newest one, in whatever order they come", () => {
    gitHub([{ id: 11, sha: other, creator: bot }, last], ["success"]);
    git();
    expect(list()).toEqual({ on: [{ stack: "eu", sha }], stays: {} });
  });

  test("does not take for one what somebody else writes down", () => {
    gitHub([{ id: 13, sha: other, creator: { login: "octocat" } }, last], ["success"]);
    git();
    expect(list()).toEqual({ on: [{ stack: "eu", sha }], stays: {} });
  });

  const stays = (verdict: string, output: string) => ({ on: [], stays: { eu: { verdict, output } } });

  test.each(["waiting", "pending", "queued", "in_progress"])("waits for one that is %s", (state) => {
    gitHub([last], [state, "success"]);
    git();
    expect(list()).toEqual(
      stays(
        "stands",
        `The last deployment, of commit ${sha}, is not over (${state}). What waits goes on once it is.`,
      ),
    );
  });

  test("waits for one of which nothing is known yet", () => {
    gitHub([last], []);
    git();
    expect(list()).toMatchObject({ on: [], stays: { eu: { verdict: "stands" } } });
  });

  test.each(["failure", "error", "inactive"])("does not go on after one that is %s", (state) => {
    gitHub([last], [state]);
    git();
    expect(list()).toEqual(
      stays(
        "failed",
        `The last deployment, of commit ${sha}, has not succeeded (${state}), so nothing goes on by itself. ` +
          'Mend what it says and run "Deploy" again; what waits goes on in the hour after.',
      ),
    );
  });

  test("has nothing to do for a stack that was never deployed", () => {
    gitHub([], []);
    git();
    expect(list()).toEqual(stays("stands", "It has never been deployed by deploy.yml."));
  });

  test("does not run a commit that main does not have", () => {
    gitHub([last], ["success"]);
    git({ to: "merge-base", exit: 1 });
    expect(list()).toEqual(
      stays(
        "failed",
        `Commit ${sha}, which was deployed last, is not in main's history. Run "Deploy" again.`,
      ),
    );
  });

  test("leaves a commit alone that is older than this workflow", () => {
    gitHub([last], ["success"]);
    git({ to: "cat-file", exit: 128 });
    expect(list()).toEqual(
      stays("stands", `Commit ${sha}, which was deployed last, knows no rings that go on by themselves.`),
    );
  });

  test("refuses a commit that is none", () => {
    gitHub([{ ...last, sha: "main; id" }], ["success"]);
    git();
    const { status, stderr } = box.run("lastDeployment.mjs", ["list"], { ...env, STACKS: '["eu"]' });
    expect(status).toBe(1);
    expect(stderr).toBe('::error::Deployment 12: "main; id" is no commit.\n');
    expect(box.has("output")).toBe(false);
  });

  const still = () => {
    const at = { ...env, STACK: "eu", COMMIT: sha };
    expect(box.run("lastDeployment.mjs", ["still", "rings"], at).status).toBe(0);
    return outputs().still;
  };

  test("says that a commit is still the last one", () => {
    gitHub([last], ["success"]);
    expect(still()).toBe(true);
    expect(box.has("rings")).toBe(false);
  });

  test.each([
    ["was deployed since", { ...last, sha: other }, "success"],
    ["is being deployed", last, "in_progress"],
  ])("stops where another one %s", (_, deployment, state) => {
    gitHub([deployment], [state]);
    expect(still()).toBe(false);
    expect(box.read("rings/verdict")).toBe("stands\n");
    expect(box.read("rings/output.txt")).toBe(
      "Another deployment has begun since this run did. What waits goes on once it is over.\n",
    );
  });
});

describe("rings.sh", () => {
  const asks = "stack output rings --stack we/eu --json";
  const rings = (...waits: readonly object[]) => ({ canary: { waits: [] }, early: { waits } });
  const waiting = rings({ release: "2026.12", tenants: ["acme"], for: ["the ring is on hold", "x"] });
  const run = () => box.run("rings.sh", ["rings"], { STACK: "we/eu", COMMIT: sha, GITHUB_SHA: other });
  const calls = () => box.calls("pulumi").map(({ args }) => args.split(" ").slice(0, 2).join(" "));
  const history = (...updates: readonly object[]) => ({
    to: "stack history --stack we/eu --json --page-size 20",
    says: updates,
  });
  const done = history({ kind: "update", result: "succeeded" });

  test.each([
    [
      "in its last update",
      [
        { kind: "refresh", result: "failed" },
        { kind: "update", result: "succeeded" },
      ],
    ],
    ["and it never had an update", []],
  ])("is quiet where nothing waits %s, and starts nothing", (_, updates) => {
    box.stub("pulumi", [{ to: asks, says: rings() }, history(...updates)]);
    expect(run()).toMatchObject({ status: 0, stderr: "" });
    expect(box.read("rings/verdict")).toBe("quiet\n");
    expect(calls()).toEqual(["stack output", "stack history"]);
  });

  test("goes on where the last update has failed: what waits is not in the outputs then", () => {
    const endTime = "2026-11-28T12:00:00.000Z";
    box.stub("pulumi", [
      { to: asks, says: rings() },
      history({ kind: "update", result: "failed", endTime }, { kind: "update", result: "succeeded" }),
      { to: "up --stack we/eu --yes", says: "all is well\n" },
    ]);
    expect(run().status).toBe(0);
    expect(box.read("rings/verdict")).toBe("went-on\n");
    expect(box.read("rings/output.txt")).toBe(
      `The last update (${endTime}) has the result failed: what it did not reach waits.\nall is well\n`,
    );
  });

  test("goes on where something waits, and notes the commit that it went on with", () => {
    box.stub("pulumi", [
      { to: asks, says: waiting },
      done,
      { to: "up --stack we/eu --yes", says: "all is well\n" },
    ]);
    expect(run().status).toBe(0);
    expect(box.read("rings/verdict")).toBe("went-on\n");
    expect(box.read("rings/output.txt")).toBe(
      "ring early: 2026.12 waits: the ring is on hold; x.\nall is well\n",
    );
    expect(box.calls("pulumi")[2]?.args).toContain(`--message ${sha}, run`);
  });

  test("fails with the engine, whose words are kept", () => {
    box.stub("pulumi", [
      { to: asks, says: waiting },
      done,
      { to: "up --stack", complains: "ring canary is not healthy with 2026.12", exit: 255 },
    ]);
    expect(run().status).toBe(1);
    expect(box.read("rings/verdict")).toBe("failed\n");
    expect(box.read("rings/output.txt")).toContain("ring canary is not healthy with 2026.12\n");
  });

  test("fails where the state cannot be read, and starts nothing", () => {
    box.stub("pulumi", [{ to: asks, complains: "error: no such stack", exit: 255 }]);
    expect(run().status).toBe(1);
    expect(box.read("rings/verdict")).toBe("failed\n");
    expect(box.read("rings/output.txt")).toBe(
      "::error::pulumi stack output rings --stack we/eu --json: error: no such stack\n",
    );
    expect(calls()).toEqual(["stack output"]);
  });
});

describe("stackIssue.mjs, of rings", () => {
  const at = "repos/we/fleet/issues";
  const open = [
    { number: 4, title: "Drift: stack eu" },
    { number: 6, title: "Rings: stack eu" },
  ];
  const report = (issues: unknown, stays: object = {}, verdict?: string) => {
    box.stub("gh", [
      { to: "--method" },
      { to: "api repos/we/fleet/labels?per_page=100&page=1", says: [{ name: "fleet-rings" }] },
      { to: `api ${at}?labels=fleet-rings&state=open&per_page=100&page=1`, says: issues },
    ]);
    if (verdict !== undefined) box.write("rings/rings-eu/verdict", `${verdict}\n`);
    const values = { ...env, STACKS: '["eu"]', STAYS: JSON.stringify(stays) };
    const { status, stderr } = box.run("stackIssue.mjs", ["rings", "rings"], values);
    const done = box
      .calls("gh")
      .filter(({ args }) => args.includes("--method"))
      .map(({ args, input }) => ({
        what: args.replace("api --method ", "").replace(" --input -", ""),
        ...JSON.parse(input),
      }));
    return { status, stderr, done };
  };

  test("opens an issue when a run has failed", () => {
    box.write("rings/rings-eu/output.txt", "ring canary is not healthy\n");
    const [issue, ...others] = report([], {}, "failed").done;
    expect(others).toEqual([]);
    expect(issue).toMatchObject({
      what: `POST ${at}`,
      title: "Rings: stack eu",
      labels: ["fleet-rings"],
      body: `A release does not go on through the rings. What follows says why. A ring that is not healthy keeps the release to itself; what to do then is in docs/rings.md.

[Run](https://example.test/run). This issue closes itself when it is over.

\`\`\`text
ring canary is not healthy
\`\`\`
`,
    });
  });

  test("opens one when the last deployment has failed", () => {
    const [issue] = report([], { eu: { verdict: "failed", output: "The last deployment …" } }).done;
    expect(issue.body).toContain("```text\nThe last deployment …\n```");
  });

  test("opens one when the job ended before it wrote anything", () => {
    const [issue] = report([]).done;
    expect(issue.body).toContain("the job ended before it asked what waits");
  });

  test.each(["quiet", "went-on"])("closes it after a run that was %s", (verdict) => {
    expect(report(open, {}, verdict).done).toEqual([
      { what: `POST ${at}/6/comments`, body: "It is over: https://example.test/run" },
      { what: `PATCH ${at}/6`, state: "closed" },
    ]);
  });

  test.each([
    ["a deployment is under way", { eu: { verdict: "stands", output: "" } }, undefined],
    ["one has begun since", {}, "stands"],
  ])("leaves it as it is while %s", (_, stays, verdict) => {
    expect(report(open, stays, verdict)).toEqual({ status: 0, stderr: "", done: [] });
  });

  test("does not take another word for a verdict", () => {
    expect(report(open, {}, "drift")).toEqual({
      status: 1,
      stderr: '::error::rings/rings-eu/verdict: "drift" is not a verdict.\n',
      done: [],
    });
  });

  test("says how it is called", () => {
    expect(box.run("stackIssue.mjs", ["weather", "rings"], env).stderr).toBe(
      "::error::usage: stackIssue.mjs drift|rings FOLDER\n",
    );
  });
});
