import { address } from "./checks/address.ts";
import { certificates } from "./checks/certificates.ts";
import type { Check } from "./checks/check.ts";
import { client } from "./checks/client.ts";
import { command } from "./checks/command.ts";
import { daemon } from "./checks/daemon.ts";
import { databases } from "./checks/databases.ts";
import { disk } from "./checks/disk.ts";
import { doors } from "./checks/doors.ts";
import { engine } from "./checks/engine.ts";
import { guard } from "./checks/guard.ts";
import { images } from "./checks/images.ts";
import { kernel } from "./checks/kernel.ts";
import { leftovers } from "./checks/leftovers.ts";
import { memory } from "./checks/memory.ts";
import { networks } from "./checks/networks.ts";
import { podman } from "./checks/podman.ts";
import { ports } from "./checks/ports.ts";
import { probe } from "./checks/probe.ts";
import { reach } from "./checks/reach.ts";
import { settings } from "./checks/settings.ts";
import { sshd } from "./checks/sshd.ts";
import { time } from "./checks/time.ts";
import type { HostFacts } from "./facts/facts.ts";
import type { Finding } from "./finding.ts";
import type { Subject } from "./subject.ts";

/** From what everything else needs to what only some day hurts: readers start at the top. */
const checks: readonly Check[] = [
  client,
  reach,
  probe,
  engine,
  command,
  podman,
  sshd,
  kernel,
  memory,
  disk,
  databases,
  networks,
  ports,
  doors,
  guard,
  settings,
  time,
  daemon,
  images,
  certificates,
  address,
  leftovers,
];

/** Everything that is to be said about a host. A host that lets nobody in is judged by that alone. */
export function judged(subject: Subject, facts: HostFacts): Finding[] {
  const isIn = facts.reach.kind === "in" || facts.reach.kind === "here";
  return (isIn ? checks : [client, reach]).flatMap((check) => check(subject, facts));
}
