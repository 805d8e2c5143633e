import { expect, test } from "vitest";
import { ScriptBox } from "./harness/scriptBox.ts";

/** From a stack's preview to a comment at the pull request: the scripts of preview.yml. */

const box = new ScriptBox();
const env = {
  STACK: "prod",
  GITHUB_REPOSITORY: "olympus/fleet",
  PULL_REQUEST: "7",
  RUN_URL: "https://example.org/run/1",
};
const marker = "<!-- olympus-fleet-preview prod -->";
const comments = "repos/olympus/fleet/issues/7/comments";

test("a preview is kept with its exit code, and asks for no outputs", () => {
  box.stub("pulumi", [{ to: "preview --stack prod", says: "+ 18 to create\n", exit: 255 }]);
  expect(box.run("preview.sh", ["preview"], env).status).toBe(255);
  expect(box.read("preview/output.txt")).toBe("+ 18 to create\n");
  expect(box.read("preview/code")).toBe("255\n");
  expect(box.calls("pulumi")[0]?.args).toContain("--suppress-outputs");
});

test("is a comment of its stack, in which nothing ends the block", () => {
  box.write("preview/output.txt", "a ``` fence\n");
  box.write("preview/code", "0\n");
  box.stub("gh", [
    { to: `api ${comments}?per_page`, says: [] },
    { to: `--method POST ${comments}`, says: {} },
  ]);
  expect(box.run("previewComment.mjs", ["preview"], env)).toMatchObject({ status: 0, stderr: "" });
  const { body } = JSON.parse(box.calls("gh").at(-1)?.input ?? "");
  expect(body).toBe(
    `${marker}\n### Preview of stack prod\n\n[Run](https://example.org/run/1)\n\n\`\`\`\`text\na \`\`\` fence\n\`\`\`\`\n`,
  );
});

test("the next one edits it, and says that it failed; another stack's comment stays", () => {
  box.write("preview/output.txt", `${"x".repeat(60_000)}\nthe end\n`);
  box.write("preview/code", "1\n");
  const user = { login: "github-actions[bot]" };
  box.stub("gh", [
    {
      to: `api ${comments}?per_page`,
      says: [
        { id: 1, user, body: "<!-- olympus-fleet-preview eu -->" },
        { id: 2, user: { login: "stranger" }, body: marker },
        { id: 3, user, body: `${marker}\nold` },
      ],
    },
    { to: "--method PATCH repos/olympus/fleet/issues/comments/3", says: {} },
  ]);
  expect(box.run("previewComment.mjs", ["preview"], env)).toMatchObject({ status: 0, stderr: "" });
  const { body } = JSON.parse(box.calls("gh").at(-1)?.input ?? "");
  expect(body).toContain("### Preview of stack prod: failed");
  expect(body).toContain("the end");
  expect(body.length).toBeLessThan(65_536);
});
