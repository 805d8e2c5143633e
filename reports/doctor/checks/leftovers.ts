import { containersOf } from "../../../backends/docker/leftovers.ts";
import { caddyContainer, firewallContainer } from "../../../backends/docker/names.ts";
import type { EngineFacts, Held } from "../facts/engine.ts";
import { answered } from "../facts/facts.ts";
import { Findings, onHost } from "../finding.ts";
import type { Subject } from "../subject.ts";
import type { Check } from "./check.ts";

/** Nobody else's things bear our names here, and nothing of ours is here that the files put elsewhere. */
export const leftovers: Check = (subject, facts) => {
  const engine = answered(facts.engine);
  if (engine === undefined) return [];
  const findings = new Findings("leftovers");
  for (const { kind, name } of taken(subject, engine)) {
    findings.error(
      `${kind} ${name} is there, and is not the fleet's`,
      "Names are fixed, so what the fleet would make under this name cannot be made.",
      onHost(
        `docker ${kind} inspect ${name}`,
        kind === "container"
          ? `docker rename ${name} old-${name}`
          : `docker ${kind} rm ${name}   # if nobody needs it`,
      ),
    );
  }
  for (const [tenant, held] of strangers(subject, engine)) {
    const home = subject.homes.get(tenant);
    const filter = `--filter label=olympus-fleet.tenant=${tenant}`;
    findings.warning(
      `${held.join(", ")} of tenant ${tenant}, which ${home === undefined ? "no file here knows" : `the file has on ${home}`}`,
      home === undefined
        ? "Another stack may use this host, and two cannot share one; or a tenant was removed, whose data is kept."
        : "It was moved by hand, or two stacks use this host. Its data may be here still.",
      onHost(
        `docker ps --all ${filter}`,
        `docker volume ls ${filter}   # may hold the only copy of its data`,
      ),
    );
  }
  if (findings.list.length > 0) return findings.list;
  const ours = engine.containers.filter(({ isOurs }) => isOurs).length;
  return findings.ok(ours === 0 ? "nothing of a fleet is here yet" : `${ours} containers, all of this stack`)
    .list;
};

/** Things under names that this stack's own would have, without its label. */
function taken({ tenants }: Subject, { containers, volumes, networks }: EngineFacts) {
  const wanted = {
    container: new Set([
      caddyContainer,
      firewallContainer,
      ...tenants.flatMap(({ plan }) => containersOf(plan.tenant)),
    ]),
    volume: new Set([
      "olympus-caddy-config",
      "olympus-caddy-data",
      ...tenants.map(({ plan }) => plan.volume),
    ]),
    network: new Set(tenants.flatMap(({ plan }) => Object.values(plan.networks).map(({ name }) => name))),
  };
  const of = (kind: keyof typeof wanted, held: readonly Held[]) =>
    held.filter(({ name, isOurs }) => !isOurs && wanted[kind].has(name)).map(({ name }) => ({ kind, name }));
  return [...of("container", containers), ...of("volume", volumes), ...of("network", networks)];
}

/** What is there of tenants that do not live here, in words. */
function strangers(subject: Subject, engine: EngineFacts): Map<string, string[]> {
  const own = new Set(subject.tenants.map(({ tenant }) => tenant.name));
  const found = new Map<string, string[]>();
  for (const [what, held] of Object.entries({
    containers: engine.containers,
    volumes: engine.volumes,
    networks: engine.networks,
  })) {
    const counts = new Map<string, number>();
    for (const { isOurs, tenant } of held) {
      if (isOurs && tenant !== undefined && !own.has(tenant))
        counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
    }
    for (const [tenant, count] of counts) {
      found.set(tenant, [...(found.get(tenant) ?? []), `${count} ${count === 1 ? what.slice(0, -1) : what}`]);
    }
  }
  return found;
}
