import type { HostFacts } from "../facts/facts.ts";
import type { MachineFacts } from "../facts/machine.ts";
import type { Finding } from "../finding.ts";
import type { Subject } from "../subject.ts";

/** Judges one group of facts. It says nothing about what it has no facts for. */
export type Check = (subject: Subject, facts: HostFacts) => readonly Finding[];

/** `sudo` in front of a command for root, unless the program signs in as root. */
export function asRoot(machine: MachineFacts | undefined, command: string): string {
  return machine?.user.isRoot ? command : `sudo ${command}`;
}

/** How a setting of dockerd is changed: the file is read when the engine is told to. */
export function daemonLines(
  machine: MachineFacts | undefined,
  setting: string,
  apply: "reload" | "restart",
): string[] {
  return [
    `${asRoot(machine, "editor /etc/docker/daemon.json")}   # ${setting}`,
    asRoot(machine, `systemctl ${apply} docker`),
  ];
}
