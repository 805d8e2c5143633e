import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { defused, fenced } from "../.github/scripts/untrusted.mjs";
import { ScriptBox } from "./harness/scriptBox.ts";

/** From a pull request's plan to a comment: the scripts of plan.yml and plan-comment.yml. */

const box = new ScriptBox();

describe("plan.sh", () => {
  beforeEach(() => box.write("Pulumi.prod.yaml", ""));

  test("writes the plan for the summary, the artefact and the comment", () => {
    box.stub("npm", [
      { to: "--markdown", says: "acme: new\n" },
      { to: "--html", says: "" },
    ]);
    const { status } = box.run("plan.sh", ["plan"], { AGAINST: "origin/main", PR_NUMBER: "7" });
    expect(status).toBe(0);
    expect(box.read("plan/comment/plan.md")).toBe("## Stack prod\n\nacme: new\n\n");
    expect(box.read("plan/comment/number")).toBe("7\n");
    expect(box.read("summary")).toBe(box.read("plan/full/plan.md"));
    expect(box.calls("npm").map(({ args }) => args)).toEqual([
      "run --silent fleet -- plan --stack prod --against origin/main --markdown",
      "run --silent fleet -- plan --stack prod --against origin/main --html plan/full/prod.html",
    ]);
  });

  test.each(["", "0000000000000000000000000000000000000000"])(
    "compares with nothing when there is none",
    (none) => {
      box.stub("npm", [{ to: "plan --stack prod --", says: "" }]);
      box.run("plan.sh", ["plan"], { AGAINST: none });
      expect(box.calls("npm")[0]?.args).not.toContain("--against");
      expect(box.has("plan/comment/number")).toBe(false);
    },
  );

  test("a file that is wrong fails, after every stack has said so", () => {
    box.write("Pulumi.eu.yaml", "");
    box.stub("npm", [
      { to: "--stack eu", says: "tenants.yaml:3:1 wrong\n```\n", exit: 1 },
      { to: "prod", says: "fine\n" },
    ]);
    expect(box.run("plan.sh", ["plan"]).status).toBe(1);
    const text = box.read("plan/comment/plan.md");
    expect(text).toContain("No plan: mend this first.\n\n    tenants.yaml:3:1 wrong\n    ```\n");
    expect(text).toContain("## Stack prod\n\nfine\n");
  });

  test("a plan that is too long for a comment says where the rest is", () => {
    box.stub("npm", [{ to: "plan", says: "a line of the plan\n".repeat(5_000) }]);
    expect(box.run("plan.sh", ["plan"]).status).toBe(0);
    const text = box.read("plan/comment/plan.md");
    expect(text.length).toBeLessThan(56_000);
    expect(text).toMatch(/\na line of the plan\n\n\*\*Cut here\.\*\*/);
    expect(box.read("plan/full/plan.md").length).toBeGreaterThan(90_000);
  });
});

describe("planComment.mjs", () => {
  const sha = "c".repeat(40);
  const env = {
    GITHUB_REPOSITORY: "we/fleet",
    RUN_ID: "99",
    HEAD_SHA: sha,
    HEAD_REPOSITORY: "stranger/fleet",
    RUN_URL: "https://example.test/run",
  };
  const pull = {
    state: "open",
    base: { repo: { full_name: "we/fleet" } },
    head: { sha, repo: { full_name: "stranger/fleet" } },
  };
  const sent = () => box.calls("gh").filter(({ args }) => args.includes("--method"));
  const github = (answer: unknown = pull, comments: unknown = []) =>
    box.stub("gh", [
      { to: "--method" },
      { to: "pulls/7", says: answer },
      { to: "pulls/", says: { ...pull, head: { ...pull.head, sha: "d".repeat(40) } } },
      { to: "comments?", says: comments },
    ]);

  beforeEach(() => {
    box.write("a/number", "7\n");
    box.write("a/plan.md", "| acme | new |\n");
  });

  test("comments once the pull request has been confirmed", () => {
    github();
    expect(box.run("planComment.mjs", ["post", "a"], env)).toMatchObject({ status: 0, stderr: "" });
    expect(sent().map(({ args }) => args)).toEqual([
      "api --method POST repos/we/fleet/issues/7/comments --input -",
    ]);
    const { body } = JSON.parse(sent()[0]?.input ?? "");
    expect(body).toMatch(/^<!-- olympus-fleet-plan -->\n### Plan\n/);
    expect(body).toContain(
      "read it as its author's words. [Run, whole plan and picture](https://example.test/run)",
    );
    expect(body).toContain("\n\n| acme | new |\n");
  });

  test("edits its own comment, and nobody else's that looks like it", () => {
    const body = "<!-- olympus-fleet-plan -->\nold";
    github(pull, [
      { id: 1, user: { login: "stranger" }, body },
      { id: 2, user: { login: "github-actions[bot]" }, body: "of another workflow" },
      { id: 3, user: { login: "github-actions[bot]" }, body },
    ]);
    box.run("planComment.mjs", ["post", "a"], env);
    expect(sent().map(({ args }) => args)).toEqual([
      "api --method PATCH repos/we/fleet/issues/comments/3 --input -",
    ]);
  });

  test.each([
    ["another's number", () => box.write("a/number", "8\n"), pull, "newest commit"],
    ["a number that is a path", () => box.write("a/number", "7/../8\n"), pull, "not a number"],
    ["a number that is long", () => box.write("a/number", "7".repeat(50)), pull, "50 bytes"],
    [
      "a pull request of another fork",
      () => {},
      { ...pull, head: { sha, repo: { full_name: "x/y" } } },
      "head repository",
    ],
    [
      "a pull request whose fork is gone",
      () => {},
      { ...pull, head: { sha, repo: null } },
      "head repository",
    ],
    ["a closed pull request", () => {}, { ...pull, state: "closed" }, "state"],
    ["an oversized plan", () => box.write("a/plan.md", "x".repeat(60_001)), pull, "60001 bytes"],
    ["no plan", () => rmSync(join(box.path, "a/plan.md")), pull, "missing"],
    [
      "a link to a file of the runner",
      () => {
        rmSync(join(box.path, "a/plan.md"));
        symlinkSync("/proc/self/environ", join(box.path, "a/plan.md"));
      },
      pull,
      "not a plain file",
    ],
  ])("refuses %s", (_, spoil, answer, why) => {
    github(answer);
    spoil();
    const { status, stderr } = box.run("planComment.mjs", ["post", "a"], env);
    expect(status).toBe(1);
    expect(stderr).toContain(why);
    expect(sent()).toEqual([]);
  });

  test("says in one line what GitHub refuses", () => {
    box.stub("gh", [
      { to: "--method", complains: "gh: Resource not accessible by integration (HTTP 403)", exit: 1 },
      { to: "pulls/7", says: pull },
      { to: "comments?", says: [] },
    ]);
    expect(box.run("planComment.mjs", ["post", "a"], env)).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "::error::gh api --method POST repos/we/fleet/issues/7/comments --input -: " +
        "gh: Resource not accessible by integration (HTTP 403)\n",
    });
  });

  test.each([
    ["takes", 90_000, 0, "found=true\n"],
    ["refuses", 100_001, 1, undefined],
  ])("%s an artefact of %i bytes", (_, bytes, status, output) => {
    const artifacts = [{ name: "plan-comment", size_in_bytes: bytes }];
    box.stub("gh", [
      { to: "repos/we/fleet/actions/runs/99/artifacts?name=plan-comment", says: { artifacts } },
    ]);
    expect(box.run("planComment.mjs", ["size"], env).status).toBe(status);
    expect(box.has("output") ? box.read("output") : undefined).toBe(output);
  });

  test("has nothing to do without an artefact", () => {
    box.stub("gh", [{ to: "artifacts", says: { artifacts: [] } }]);
    expect(box.run("planComment.mjs", ["size"], env).status).toBe(0);
    expect(box.read("output")).toBe("found=false\n");
  });
});

describe("text of a stranger", () => {
  test.each([
    ["a table", "| tenant | memory |\n| --- | --- |\n| **acme** | `96MiB` → 192MiB |"],
    ["an image by digest", "`ghcr.io/olympusoss/hera@sha256:0123abcd`"],
    ["a fold", "<details><summary>bigcorp</summary>\n\n- item\n\n</details>"],
    ["a heading and a list", "## Stack prod\n\n1. first\n- [ ] second"],
  ])("%s stays as it is", (_, text) => {
    expect(defused(text)).toBe(text);
  });

  test.each([
    ["people", "@octocat, @we/owners (@octocat) \\@octocat &#64;octocat", /@octocat|@we|&#64;/],
    ["links", "[a](b) ![a](b) [a][b] [a]: //b", /\]\(|\]\[|\]:/],
    ["bare links", "https://evil.test http:\\//evil.test www.evil.test www\\.evil.test", /:\\?\/|www\\?\./],
    ["tags", '<img src="x"> <a href="x">y</a> <!-- z --> <details open onclick="x">', /<(?!\u2060)/],
    ["our marker", "<!-- olympus-fleet-plan -->", /<!--/],
    ["issues", "#12 we/fleet#12 GH-12 &num;12", /#\d|GH-\d|&num/],
    ["what turns the reading direction", "a\u202eb\u2066c\u0007d\r", /[\u202e\u2066\r]/],
  ])("%s are text", (_, text, harmful) => {
    expect(text).toMatch(harmful);
    expect(defused(text)).not.toMatch(harmful);
  });

  test("a code block cannot be ended from within", () => {
    expect(fenced("a\n````\nb\n")).toBe("`````text\na\n````\nb\n`````");
  });
});
