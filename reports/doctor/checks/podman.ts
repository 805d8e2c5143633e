import { answered } from "../facts/facts.ts";
import { Findings, onHost } from "../finding.ts";
import { asRoot, type Check } from "./check.ts";

/** Processes of a container: what the program sets for each on Docker (CIS 5.29). */
const pidsLimit = 200;
const settings = "/etc/containers/containers.conf.d/olympus-fleet.conf";

/** What a host with Podman needs besides (docs/podman.md). */
export const podman: Check = (_, facts) => {
  const { machine } = facts;
  if (machine === undefined || answered(facts.engine)?.kind !== "podman") return [];
  const findings = new Findings("podman");
  const root = (line: string) => asRoot(machine, line);
  const { networks, pidsLimit: limit } = machine.podman;
  if (machine.dockerPath === undefined) {
    findings.error(
      "there is no docker command",
      "The Docker provider calls it on the host to speak to the engine, whichever that is.",
      onHost(root("apt-get install podman-docker"), root("touch /etc/containers/nodocker")),
    );
  }
  if (networks !== undefined && networks !== "netavark") {
    findings.error(
      `networks by ${networks}`,
      "Tenants need fixed addresses on networks that know their names, which netavark alone has.",
      onHost(
        root("apt-get install netavark aardvark-dns"),
        root("podman system reset   # removes every container, image, network and volume of the host"),
      ),
    );
  }
  if (limit === undefined || limit === 0 || limit > pidsLimit) {
    findings.warning(
      limit === undefined || limit === 0
        ? "no limit on processes of its own"
        : `${limit} processes per container`,
      "Podman allows 2048 or more, and the program can say another number on Docker alone.",
      onHost(
        root("mkdir -p /etc/containers/containers.conf.d"),
        `printf '[containers]\\npids_limit = ${pidsLimit}\\n' | ${root(`tee ${settings}`)}`,
      ),
    );
  }
  if (findings.list.length > 0) return findings.list;
  return findings.ok(`networks by ${networks ?? "an unknown backend"}, ${limit} processes per container`)
    .list;
};
