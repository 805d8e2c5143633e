import * as pulumi from "@pulumi/pulumi";
import type { Host, Tenant } from "../fleet/model.ts";
import { EngineApi, EngineSilent } from "../hosts/engineApi.ts";
import { type EngineAnswer, engineFault } from "../hosts/engineFault.ts";
import { engineVersion } from "../hosts/engines.ts";
import { sshFault, unreached, versionScript } from "../hosts/ssh/fault.ts";
import { isSshHost, type SshHost } from "../hosts/ssh/ssh.ts";
import { transportTo } from "../hosts/transport.ts";

/** Time to answer in. A host that hangs is given up by ssh after 10 s, a connection that does after 30. */
const seconds = { here: 10, overSsh: 40 } as const;

/** A tenant and where it lives. */
type Placed = Pick<Tenant, "name" | "host">;

async function ask(host: Host): Promise<EngineAnswer> {
  const api = new EngineApi(() => transportTo(host).engine());
  try {
    const { status, body } = await api.get("/version", seconds.here);
    return engineVersion(body) ?? { code: `answer ${status}` };
  } catch (error) {
    if (error instanceof EngineSilent) return { code: error.code ?? error.message };
    throw error;
  } finally {
    api.close();
  }
}

/**
 * Asks the engines of all hosts whether they can be used, before anything is declared: without one, every resource
 * would fail on its own, some after secrets and images had been made. A preview needs no engine.
 *
 * An engine of this machine that cannot be used ends the run. One that is reached over SSH keeps its own host's
 * resources from being touched, and no other's.
 *
 * @returns what to say of each SSH host that cannot be used, by its name
 */
export async function requireEngines(
  hosts: readonly Host[],
  tenants: readonly Placed[],
): Promise<ReadonlyMap<string, string>> {
  if (pulumi.runtime.isDryRun()) return new Map();
  const here = hosts.filter((host) => !isSshHost(host));
  const [answers, complaints] = await Promise.all([
    Promise.all(here.map(async (host) => engineFault(host, await ask(host)))),
    Promise.all(hosts.filter(isSshHost).map((host) => askOverSsh(host, tenants))),
  ]);
  const faults = answers.filter((fault) => fault !== undefined);
  if (faults.length > 0) throw new pulumi.RunError(`\n${faults.join("\n")}`);
  return new Map(complaints.flat());
}

async function askOverSsh(host: SshHost, tenants: readonly Placed[]): Promise<[string, string][]> {
  const fault = sshFault(
    host,
    await transportTo(host).run(versionScript(host), { seconds: seconds.overSsh }),
  );
  if (fault === undefined) return [];
  const names = tenants.filter((placed) => placed.host === host.name).map(({ name }) => name);
  return [[host.name, unreached(host, names, fault)]];
}
