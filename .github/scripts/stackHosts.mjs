import { readFileSync } from "node:fs";
import { parse } from "yaml";

/**
 * Stops a stack whose host is "this machine" on a machine that GitHub throws away after the job. Such runners do
 * have an engine at that socket: the fleet would be made there, recorded as deployed, and be gone a minute later.
 */

const { STACK: stack = "", RUNNER_ENVIRONMENT: runner } = process.env;
const file = `Pulumi.${stack}.yaml`;
const hosts = parse(readFileSync(file, "utf8"))?.config?.["olympus:hosts"] ?? {};
const here = Object.keys(hosts).filter((name) => String(hosts[name]?.address).startsWith("unix:"));

if (here.length > 0 && runner !== "self-hosted") {
  console.error(
    `::error::${file}: ${here.join(", ")}: the address is a socket of the machine that runs this, which is ` +
      "GitHub's own. Run the job on the host: make it a self-hosted runner, and name its label in the repository " +
      `variable FLEET_RUNNERS, {"${stack}": "<label>"}. Or write an ssh:// address.`,
  );
  process.exitCode = 1;
}
