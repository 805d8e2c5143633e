import { spawnSync } from "node:child_process";
import { run, variable } from "./github.mjs";
import { Refused } from "./untrusted.mjs";

/**
 * Says what waits in the stack $STACK, by the state: a line per ring and release, and whether the last update has failed, since
 * outputs are of the last one that did not. Nothing where nothing waits.
 */

/** @param {readonly string[]} args */
function pulumi(args) {
  const { status, stdout, stderr, error } = spawnSync("pulumi", args, { encoding: "utf8" });
  if (error) throw error;
  if (status !== 0) throw new Refused(`pulumi ${args.join(" ")}: ${stderr.trim() || `exit code ${status}`}`);
  return JSON.parse(stdout);
}

run(() => {
  const stack = variable("STACK");
  /** @type {Readonly<Record<string, { waits: readonly { release: string, for: readonly string[] }[] }>>} */
  const rings = pulumi(["stack", "output", "rings", "--stack", stack, "--json"]);
  for (const [ring, { waits }] of Object.entries(rings)) {
    for (const wait of waits) console.log(`ring ${ring}: ${wait.release} waits: ${wait.for.join("; ")}.`);
  }
  /** @type {readonly { kind: string, result: string, endTime?: string }[]} The newest first. */
  const history = pulumi(["stack", "history", "--stack", stack, "--json", "--page-size", "20"]);
  const last = history.find(({ kind }) => kind === "update");
  if (last !== undefined && last.result !== "succeeded") {
    console.log(
      `The last update (${last.endTime ?? "its end is unknown"}) has the result ${last.result}: what it did not reach waits.`,
    );
  }
});
