import { existsSync } from "node:fs";
import { join } from "node:path";
import { list, run, send, variable } from "./github.mjs";
import { fencedEnd, Refused, readUntrusted } from "./untrusted.mjs";

/**
 * Keeps one open issue per stack while that stack's hosts are not as its last deployment has left them, or could not
 * be compared, by what drift.sh left in `<folder>/drift-<stack>/`.
 */

const label = "fleet-drift";
const maxOutputBytes = 50_000_000;

/** @typedef {"clean" | "drift" | "failed"} Verdict */

/** @type {Readonly<Record<Exclude<Verdict, "clean">, string>>} */
const meaning = {
  drift:
    "Something was changed by hand since the last deployment. What follows says by whom it is felt, and what puts " +
    "it right.",
  failed: "The stack could not be compared with its hosts, or not all of it. What follows says why.",
};

/**
 * @param {string} folder
 * @param {string} stack
 * @returns {{ verdict: Verdict, output: string }}
 */
function look(folder, stack) {
  const at = join(folder, `drift-${stack}`);
  // The job ended before the look: no runner, no dependencies, a gate that nobody opened.
  if (!existsSync(at)) return { verdict: "failed", output: "No output: the job ended before it looked." };
  const verdict = readUntrusted(join(at, "verdict"), 20).trim();
  if (verdict !== "clean" && verdict !== "drift" && verdict !== "failed") {
    throw new Refused(`${join(at, "verdict")}: "${verdict}" is not a verdict.`);
  }
  const output = existsSync(join(at, "output.txt"))
    ? readUntrusted(join(at, "output.txt"), maxOutputBytes)
    : "";
  return { verdict, output };
}

/**
 * @param {Exclude<Verdict, "clean">} verdict
 * @param {string} output
 * @param {string} runUrl
 */
function issueBody(verdict, output, runUrl) {
  return `${meaning[verdict]}\n\n[Run](${runUrl}). This issue closes itself when it is over.\n\n${fencedEnd(output)}\n`;
}

/** @param {string} folder */
function report(folder) {
  const runUrl = variable("RUN_URL");
  const repository = `repos/${variable("GITHUB_REPOSITORY")}`;
  const issues = `${repository}/issues`;
  /** @type {readonly string[]} */
  const stacks = JSON.parse(variable("STACKS"));
  ensureLabel(`${repository}/labels`);
  /** @type {readonly { number: number, title: string }[]} */
  const open = [...list(`${issues}?labels=${label}&state=open`)];

  for (const stack of stacks) {
    const title = `Drift: stack ${stack}`;
    const issue = open.find((candidate) => candidate.title === title);
    const { verdict, output } = look(folder, stack);
    if (verdict !== "clean") {
      const body = issueBody(verdict, output, runUrl);
      if (issue) send("PATCH", `${issues}/${issue.number}`, { body });
      else send("POST", issues, { title, body, labels: [label] });
    } else if (issue) {
      send("POST", `${issues}/${issue.number}/comments`, { body: `It is over: ${runUrl}` });
      send("PATCH", `${issues}/${issue.number}`, { state: "closed" });
    }
    console.log(`${stack}: ${verdict}${issue ? `, #${issue.number}` : ""}`);
  }
}

/**
 * The label tells our issues from one that somebody gave the same title: strangers cannot set labels.
 * @param {string} labels
 */
function ensureLabel(labels) {
  for (const { name } of list(labels)) if (name === label) return;
  send("POST", labels, {
    name: label,
    color: "d93f0b",
    description: "Changed by hand since the last deployment",
  });
}

run(() => {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Refused("usage: driftIssue.mjs FOLDER");
  report(folder);
});
