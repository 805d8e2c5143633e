import { type HostFacts, hostFacts } from "../backends/docker/facts.ts";
import { hostFactsScript } from "../backends/docker/factsScript.ts";
import type { Host } from "../fleet/model.ts";
import { transportTo } from "../hosts/transport.ts";

/** A missing firewall rule is given 12 s to come back. */
const seconds = 25;

/**
 * Asks every host once, all at the same time, what it has of what Pulumi cannot read. A host that does not answer is
 * missing in the result and nothing is said about it: a preview needs no host, and an `up` finds out by itself.
 */
export async function askHosts(hosts: readonly Host[]): Promise<ReadonlyMap<string, HostFacts>> {
  const answers = await Promise.all(
    hosts.map(async (host) => {
      const { out } = await transportTo(host).run(hostFactsScript(host.engine), { seconds });
      return [host.name, hostFacts(out)] as const;
    }),
  );
  return new Map(answers.flatMap(([name, facts]) => (facts ? [[name, facts]] : [])));
}
