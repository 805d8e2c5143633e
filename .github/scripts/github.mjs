import { execFileSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { Refused } from "./untrusted.mjs";

/**
 * Runs `gh`, which holds the token; nothing here ever sees it.
 * @param {readonly string[]} args
 * @param {string} [input]
 */
export function gh(args, input = "") {
  // A page of long comments is larger than the 1 MiB that Node would take.
  const maxBuffer = 64 * 1024 * 1024;
  return execFileSync("gh", [...args], {
    encoding: "utf8",
    input,
    maxBuffer,
    stdio: ["pipe", "pipe", "inherit"],
  });
}

/**
 * @param {string} path
 * @returns {any} GitHub's answer
 */
export function get(path) {
  return JSON.parse(gh(["api", path]));
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
