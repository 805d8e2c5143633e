import { oldestEngines } from "../../../hosts/engines.ts";
import { answered } from "../facts/facts.ts";
import { Findings, onHost } from "../finding.ts";
import { asRoot, type Check } from "./check.ts";

/** The program's scripts find the engine's command where they run, and it speaks to this engine. */
export const command: Check = ({ host }, facts) => {
  const { machine } = facts;
  if (machine === undefined || answered(facts.engine) === undefined) return [];
  const findings = new Findings("command");
  const { path, answer } = machine.command;
  if (path === undefined) {
    return findings.error(
      `${host.engine} is not on the PATH of a shell at which nobody sits`,
      "Gates and site files are scripts that call it.",
      onHost(
        asRoot(machine, `apt-get install ${oldestEngines[host.engine].package}`),
        `sh -c 'command -v ${host.engine}'`,
      ),
    ).list;
  }
  if (answer !== undefined && /^\d+(\.\d+)+/.test(answer))
    return findings.ok(`${path} speaks to the engine`).list;
  return findings.error(
    `${path} gets no answer from the engine: ${answer?.replace(/\.$/, "") ?? "it says nothing"}`,
    "Gates and site files are scripts that call it; a context or DOCKER_HOST may lead it elsewhere.",
    onHost("docker context ls", "docker context use default", `${host.engine} version`),
  ).list;
};
