import { join } from "node:path";
import { comment } from "./comments.mjs";
import { get, run, setOutput, variable } from "./github.mjs";
import { defused, Refused, readUntrusted } from "./untrusted.mjs";

/**
 * Posts the plan that a pull request's run left as an artefact, or edits the comment that has the last one.
 *
 * That run executed the pull request's code, so whatever the artefact says is its author's word, the number of the
 * pull request too. It is believed only where GitHub says that this pull request's newest commit is the one that
 * was run: a stranger can comment on the own pull request, and on no other.
 */

const artifact = "plan-comment";
/** What is packed well enough to be more than a plan is not looked at. */
const maxArtifactBytes = 100_000;
const maxNumberBytes = 20;
const maxPlanBytes = 60_000;
const maxCommentCharacters = 65_536;
const marker = "<!-- olympus-fleet-plan -->";

/** Before anything is downloaded: whether the run left an artefact, and one of a sane size. */
function size() {
  const path = `repos/${variable("GITHUB_REPOSITORY")}/actions/runs/${variable("RUN_ID")}/artifacts`;
  const found = get(`${path}?name=${artifact}`).artifacts.find(
    (/** @type {{ name: string }} */ { name }) => name === artifact,
  );
  if (found === undefined) {
    console.log("The run left no plan to comment.");
    setOutput("found", "false");
    return;
  }
  if (!(found.size_in_bytes <= maxArtifactBytes)) {
    throw new Refused(`The artefact has ${found.size_in_bytes} bytes; ${maxArtifactBytes} are the limit.`);
  }
  setOutput("found", "true");
}

/** @param {string} folder */
function post(folder) {
  const repository = variable("GITHUB_REPOSITORY");
  const number = pullRequest(folder, repository);
  const plan = readUntrusted(join(folder, "plan.md"), maxPlanBytes);

  // Ours comes first: a block that the plan leaves open would swallow what follows it.
  const head = `${marker}\n### Plan\n\nWhat ${variable("HEAD_SHA").slice(0, 12)} would change, worked out offline`;
  const trust = "by this pull request's own code: read it as its author's words.";
  const body = `${head} ${trust} [Run, whole plan and picture](${variable("RUN_URL")})\n\n${defused(plan)}`;
  if (body.length > maxCommentCharacters) throw new Refused(`The comment has ${body.length} characters.`);

  comment(repository, number, marker, body);
}

/**
 * The number in the artefact, once GitHub has confirmed it.
 * @param {string} folder
 * @param {string} repository
 */
function pullRequest(folder, repository) {
  const number = readUntrusted(join(folder, "number"), maxNumberBytes).trim();
  if (!/^[1-9][0-9]{0,9}$/.test(number)) throw new Refused("The artefact's pull request is not a number.");
  const pull = get(`repos/${repository}/pulls/${number}`);
  const claims = [
    ["state", pull.state, "open"],
    ["base repository", pull.base?.repo?.full_name, repository],
    ["head repository", pull.head?.repo?.full_name, variable("HEAD_REPOSITORY")],
    ["newest commit", pull.head?.sha, variable("HEAD_SHA")],
  ];
  for (const [what, is, expected] of claims) {
    if (is !== expected) {
      throw new Refused(`#${number} is not what was run: its ${what} is ${is}, the run's is ${expected}.`);
    }
  }
  return number;
}

run(() => {
  const [command, folder] = process.argv.slice(2);
  if (command === "size") size();
  else if (command === "post" && folder !== undefined) post(folder);
  else throw new Refused("usage: planComment.mjs size | post FOLDER");
});
