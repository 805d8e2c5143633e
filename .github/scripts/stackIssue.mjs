import { existsSync } from "node:fs";
import { join } from "node:path";
import { list, run, send, variable } from "./github.mjs";
import { fencedEnd, Refused, readUntrusted } from "./untrusted.mjs";

/**
 * Keeps one open issue per stack while something is wrong with it, by what a job left in `<folder>/<kind>-<stack>/`: its
 * verdict, and the output that says why. $STAYS holds both for stacks that had no job: `{"eu":{"verdict":…,"output":…}}`.
 */

const maxOutputBytes = 50_000_000;

/**
 * @typedef {object} Kind
 * @property {string} title what the issue's title begins with
 * @property {string} label
 * @property {string} color of the label
 * @property {string} description of the label
 * @property {readonly string[]} fine verdicts that close the issue
 * @property {readonly string[]} unsure verdicts that leave the issue as it is
 * @property {Readonly<Record<string, string>>} meaning by each other verdict, what the issue says first
 * @property {string} unfinished output of a job that left none
 */

/** @type {Readonly<Record<string, Kind>>} */
const kinds = {
  drift: {
    title: "Drift",
    label: "fleet-drift",
    color: "d93f0b",
    description: "Changed by hand since the last deployment",
    fine: ["clean"],
    unsure: [],
    meaning: {
      drift:
        "Something was changed by hand since the last deployment. What follows says by whom it is felt, and what puts " +
        "it right.",
      failed: "The stack could not be compared with its hosts, or not all of it. What follows says why.",
    },
    unfinished: "No output: the job ended before it looked.",
  },
  rings: {
    title: "Rings",
    label: "fleet-rings",
    color: "d93f0b",
    description: "A release does not go on through the rings",
    fine: ["quiet", "went-on"],
    unsure: ["stands"],
    meaning: {
      failed:
        "A release does not go on through the rings. What follows says why. A ring that is not healthy keeps the release " +
        "to itself; what to do then is in docs/rings.md.",
    },
    unfinished: "No output: the job ended before it asked what waits.",
  },
};

const usage = `usage: stackIssue.mjs ${Object.keys(kinds).join("|")} FOLDER`;

/**
 * @param {string} name
 * @param {string} folder
 * @param {string} stack
 * @returns {{ verdict: string, output: string }}
 */
function look(name, folder, stack) {
  const { fine, unsure, meaning, unfinished } = kind(name);
  /** @type {Readonly<Record<string, { verdict: string, output: string }>>} */
  const { [stack]: stays } = JSON.parse(process.env.STAYS || "{}");
  if (stays !== undefined) return stays;
  const at = join(folder, `${name}-${stack}`);
  // The job ended before it wrote anything: no runner, no dependencies, a gate that nobody opened.
  if (!existsSync(at)) return { verdict: "failed", output: unfinished };
  const verdict = readUntrusted(join(at, "verdict"), 20).trim();
  if (![...fine, ...unsure].includes(verdict) && !Object.hasOwn(meaning, verdict)) {
    throw new Refused(`${join(at, "verdict")}: "${verdict}" is not a verdict.`);
  }
  const output = existsSync(join(at, "output.txt"))
    ? readUntrusted(join(at, "output.txt"), maxOutputBytes)
    : "";
  return { verdict, output };
}

/**
 * @param {string} name
 * @returns {Kind}
 */
function kind(name) {
  const found = kinds[name];
  if (found === undefined) throw new Refused(usage);
  return found;
}

/**
 * @param {string} meaning
 * @param {string} output
 * @param {string} runUrl
 */
function issueBody(meaning, output, runUrl) {
  return `${meaning}\n\n[Run](${runUrl}). This issue closes itself when it is over.\n\n${fencedEnd(output)}\n`;
}

/**
 * @param {string} name
 * @param {string} folder
 */
function report(name, folder) {
  const { title: subject, label, fine, unsure, meaning, ...rest } = kind(name);
  const runUrl = variable("RUN_URL");
  const repository = `repos/${variable("GITHUB_REPOSITORY")}`;
  const issues = `${repository}/issues`;
  /** @type {readonly string[]} */
  const stacks = JSON.parse(variable("STACKS"));
  ensureLabel(`${repository}/labels`, { name: label, color: rest.color, description: rest.description });
  /** @type {readonly { number: number, title: string }[]} */
  const open = [...list(`${issues}?labels=${label}&state=open`)];

  for (const stack of stacks) {
    const title = `${subject}: stack ${stack}`;
    const issue = open.find((candidate) => candidate.title === title);
    const { verdict, output } = look(name, folder, stack);
    if (unsure.includes(verdict)) {
      // Neither over nor new.
    } else if (!fine.includes(verdict)) {
      const body = issueBody(meaning[verdict] ?? verdict, output, runUrl);
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
 * @param {{ name: string, color: string, description: string }} label
 */
function ensureLabel(labels, label) {
  for (const { name } of list(labels)) if (name === label.name) return;
  send("POST", labels, label);
}

run(() => {
  const [name = "", folder] = process.argv.slice(2);
  if (folder === undefined) throw new Refused(usage);
  report(name, folder);
});
