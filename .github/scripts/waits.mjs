import { spawnSync } from "node:child_process";
import { run, variable } from "./github.mjs";
import { Refused } from "./untrusted.mjs";

/** Says what waits in the stack $STACK, by the state: a line per ring and release; nothing where nothing waits. */

run(() => {
  const args = ["stack", "output", "rings", "--stack", variable("STACK"), "--json"];
  const { status, stdout, stderr, error } = spawnSync("pulumi", args, { encoding: "utf8" });
  if (error) throw error;
  if (status !== 0) throw new Refused(`pulumi ${args.join(" ")}: ${stderr.trim() || `exit code ${status}`}`);
  /** @type {Readonly<Record<string, { waits: readonly { release: string, for: readonly string[] }[] }>>} */
  const rings = JSON.parse(stdout);
  for (const [ring, { waits }] of Object.entries(rings)) {
    for (const wait of waits) console.log(`ring ${ring}: ${wait.release} waits: ${wait.for.join("; ")}.`);
  }
});
