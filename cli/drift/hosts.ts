import type { Databases } from "../../backends/docker/databases.ts";
import { type HostFacts, hostFacts } from "../../backends/docker/facts.ts";
import { hostFactsScript } from "../../backends/docker/factsScript.ts";
import type { PlannedFleet } from "../../backends/docker/fleetPlan.ts";
import { transportTo } from "../../hosts/transport.ts";
import { subjectOf } from "../../reports/doctor/subject.ts";
import type { SilentHost } from "../../reports/drift/complaints.ts";
import { askDatabases } from "../databases.ts";
import { silenceOf } from "../silence.ts";

/** Ten seconds for a host that is gone, and twelve for a firewall rule to come back. */
const seconds = 40;

/** A host's facts, or why there are none. */
export type HostAnswer =
  | { readonly host: string; readonly facts: HostFacts; readonly databases: Databases | undefined }
  | SilentHost;

/** Asks the hosts, all at the same time. */
export function askHosts(planned: PlannedFleet, names: readonly string[]): Promise<HostAnswer[]> {
  return Promise.all(names.map((name) => askHost(planned, name)));
}

async function askHost(planned: PlannedFleet, host: string): Promise<HostAnswer> {
  if (planned.fleet.config.hosts[host] === undefined) {
    return { host, why: `it is no longer one of olympus:hosts, so nobody knows the way to it` };
  }
  const subject = subjectOf(planned, host);
  const transport = transportTo(subject.host, "-doctor");
  try {
    const { engine } = subject.host;
    const [told, databases] = await Promise.all([
      transport.run(hostFactsScript(engine), { seconds }),
      askDatabases(transport, engine),
    ]);
    const facts = hostFacts(told.out);
    if (facts !== undefined) return { host, facts, databases };
    return { host, why: await silenceOf(subject.host, transport, told) };
  } finally {
    await transport.close();
  }
}
