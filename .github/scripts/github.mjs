import { spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { Refused } from "./untrusted.mjs";

/** Who a workflow's token is. */
export const workflowLogin = "github-actions[bot]";

/**
 * Runs `gh`, which holds the token; nothing here ever sees it.
 * @param {readonly string[]} args
 * @param {string} [input]
 */
export function gh(args, input = "") {
  // A page of long comments is larger than the 1 MiB that Node would take.
  const maxBuffer = 64 * 1024 * 1024;
  const { status, stdout, stderr, error } = spawnSync("gh", [...args], {
    encoding: "utf8",
    input,
    maxBuffer,
  });
  if (error) throw error;
  if (status !== 0) throw new Refused(`gh ${args.join(" ")}: ${stderr.trim() || `exit code ${status}`}`);
  return stdout;
}

/**
 * @param {string} path
 * @returns {any} GitHub's answer
 */
export function get(path) {
  return JSON.parse(gh(["api", path]));
}

/**
 * Items of a list, of which GitHub gives a hundred at a time: the first 3,000.
 * @param {string} path
 * @returns {Generator<any>}
 */
export function* list(path) {
  const perPage = 100;
  for (let page = 1; page <= 30; page++) {
    const items = get(`${path}${path.includes("?") ? "&" : "?"}per_page=${perPage}&page=${page}`);
    yield* items;
    if (items.length < perPage) return;
  }
}

/**
 * @param {"POST" | "PATCH"} method
 * @param {string} path
 * @param {unknown} body
 */
export function send(method, path, body) {
  gh(["api", "--method", method, path, "--input", "-"], JSON.stringify(body));
}

/**
 * @param {string} name
 * @returns {string} the environment variable
 */
export function variable(name) {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Refused(`The environment variable ${name} is missing.`);
  return value;
}

/**
 * @param {string} name
 * @param {string} value
 */
export function setOutput(name, value) {
  appendFileSync(variable("GITHUB_OUTPUT"), `${name}=${value}\n`);
}

/**
 * Runs a script's work; what it refuses is one line of the log and exit code 1.
 * @param {() => void} work
 */
export function run(work) {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.error(`::error::${error.message}`);
    process.exitCode = 1;
  }
}
