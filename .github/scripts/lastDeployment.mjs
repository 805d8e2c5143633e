import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { get, run, setOutput, variable, workflowLogin } from "./github.mjs";
import { Refused } from "./untrusted.mjs";

/**
 * At which commit a stack may go on by itself: the one that was deployed last, if that succeeded. Main may be ahead of it by
 * changes that nobody has approved yet.
 *
 *   lastDeployment.mjs list           of $STACKS: the outputs `on`, those that may go on and where, and `stays`, why the
 *                                     others may not
 *   lastDeployment.mjs still FOLDER   whether $COMMIT is still that of $STACK: the output `still`, and where it is not,
 *                                     the reason below FOLDER
 */

/**
 * A stack that does not go on. `stands`: that is as it should be. `failed`: somebody has to see to it.
 * @typedef {{ verdict: "stands" | "failed", output: string }} Stay
 */

/** States of a deployment that is going to end by itself, or when somebody approves or rejects it. */
const underWay = ["waiting", "pending", "queued", "in_progress"];

/**
 * @param {string} stack
 * @returns {{ sha: string } | Stay}
 */
function lastDeployment(stack) {
  const deployments = `repos/${variable("GITHUB_REPOSITORY")}/deployments`;
  // What a person or another service writes down as a deployment is none of deploy.yml's.
  const own = get(`${deployments}?environment=${stack}&per_page=100`).filter(isOfWorkflow);
  const last = newest(own);
  if (last === undefined) return { verdict: "stands", output: "It has never been deployed by deploy.yml." };
  const { id, sha } = last;
  if (!/^[0-9a-f]{40}$/.test(sha)) throw new Refused(`Deployment ${id}: "${sha}" is no commit.`);
  const state = newest(get(`${deployments}/${id}/statuses?per_page=100`))?.state ?? "pending";
  if (state === "success") return { sha };
  if (underWay.includes(state)) {
    return {
      verdict: "stands",
      output: `The last deployment, of commit ${sha}, is not over (${state}). What waits goes on once it is.`,
    };
  }
  return {
    verdict: "failed",
    output:
      `The last deployment, of commit ${sha}, has not succeeded (${state}), so nothing goes on by itself. ` +
      'Mend what it says and run "Deploy" again; what waits goes on in the hour after.',
  };
}

/** @param {{ creator?: { login?: string } }} deployment */
const isOfWorkflow = ({ creator }) => creator?.login === workflowLogin;

/**
 * @param {readonly any[]} items of GitHub's, whose ids grow
 * @returns {any} undefined where there is none
 */
const newest = (items) => [...items].sort((a, b) => b.id - a.id)[0];

/**
 * What of the last deployment only the repository can tell. The checkout is main's newest commit, with its history.
 * @param {{ sha: string } | Stay} last
 * @returns {{ sha: string } | Stay}
 */
function checked(last) {
  if (!("sha" in last)) return last;
  const { sha } = last;
  // Anyone who may push can write a deployment down that names a commit of theirs; main has reviewed ones alone.
  if (!git("merge-base", "--is-ancestor", sha, "HEAD")) {
    const output = `Commit ${sha}, which was deployed last, is not in main's history. Run "Deploy" again.`;
    return { verdict: "failed", output };
  }
  if (!git("cat-file", "-e", `${sha}:.github/scripts/rings.sh`)) {
    const output = `Commit ${sha}, which was deployed last, knows no rings that go on by themselves.`;
    return { verdict: "stands", output };
  }
  return last;
}

/** @param {readonly string[]} args */
const git = (...args) => spawnSync("git", args, { stdio: ["ignore", "inherit", "inherit"] }).status === 0;

function listAll() {
  /** @type {{ stack: string, sha: string }[]} */
  const on = [];
  /** @type {Record<string, Stay>} */
  const stays = {};
  /** @type {readonly string[]} */
  const stacks = JSON.parse(variable("STACKS"));
  for (const stack of stacks) {
    const last = checked(lastDeployment(stack));
    if ("sha" in last) on.push({ stack, sha: last.sha });
    else stays[stack] = last;
    const level = "sha" in last || last.verdict === "stands" ? "notice" : "warning";
    console.log(`::${level}::Stack ${stack}: ${"sha" in last ? `deployed at ${last.sha}` : last.output}`);
  }
  setOutput("on", JSON.stringify(on));
  setOutput("stays", JSON.stringify(stays));
}

/** @param {string} folder */
function still(folder) {
  const last = lastDeployment(variable("STACK"));
  const isStill = "sha" in last && last.sha === variable("COMMIT");
  if (!isStill) {
    const output = "Another deployment has begun since this run did. What waits goes on once it is over.";
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "verdict"), "stands\n");
    writeFileSync(join(folder, "output.txt"), `${output}\n`);
    console.log(`::notice::${output}`);
  }
  setOutput("still", String(isStill));
}

run(() => {
  const [mode, folder] = process.argv.slice(2);
  if (mode === "list") listAll();
  else if (mode === "still" && folder !== undefined) still(folder);
  else throw new Refused("usage: lastDeployment.mjs list|still FOLDER");
});
