import { request } from "node:http";
import * as pulumi from "@pulumi/pulumi";
import type { Host } from "../../../fleet/model.ts";
import type { TenantPlan } from "../../../fleet/tenant/plan.ts";
import { type EngineAnswer, engineFault } from "../../../hosts/engineFault.ts";
import { engineVersion } from "../../../hosts/engines.ts";
import { sshFault, unreached, versionScript } from "../../../hosts/ssh/fault.ts";
import { isSshHost, type SshHost } from "../../../hosts/ssh/ssh.ts";
import { runScript } from "./runScript.ts";

const scheme = "unix://";
const timeoutMs = 10_000;
/** A host that hangs is given up by ssh after 10 s, a connection that does after 30. */
const sshTimeoutMs = 40_000;

/** A tenant and where it lives. */
type Placed = Pick<TenantPlan, "tenant" | "host">;

function ask(address: string): Promise<EngineAnswer> {
  return new Promise((resolve) => {
    const options = { socketPath: address.slice(scheme.length), path: "/version", timeout: timeoutMs };
    const call = request(options, async (response) => {
      let body = "";
      try {
        for await (const chunk of response) body += chunk;
        resolve(engineVersion(JSON.parse(body)) ?? { code: `answer ${response.statusCode ?? 0}` });
      } catch {
        resolve({ code: `answer ${response.statusCode ?? 0}` });
      }
    });
    call.on("timeout", () => call.destroy(Object.assign(new Error("time is up"), { code: "ETIMEDOUT" })));
    call.on("error", (error: NodeJS.ErrnoException) => resolve({ code: error.code ?? error.message }));
    call.end();
  });
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
  const here = hosts.filter(({ address }) => address.startsWith(scheme));
  const [answers, complaints] = await Promise.all([
    Promise.all(here.map(async (host) => engineFault(host, await ask(host.address)))),
    Promise.all(hosts.filter(isSshHost).map((host) => askOverSsh(host, tenants))),
  ]);
  const faults = answers.filter((fault) => fault !== undefined);
  if (faults.length > 0) throw new pulumi.RunError(`\n${faults.join("\n")}`);
  return new Map(complaints.flat());
}

async function askOverSsh(host: SshHost, tenants: readonly Placed[]): Promise<[string, string][]> {
  const fault = sshFault(host, await runScript(host, versionScript(host), sshTimeoutMs));
  if (fault === undefined) return [];
  const names = tenants.filter((placed) => placed.host === host.name).map(({ tenant }) => tenant);
  return [[host.name, unreached(host, names, fault)]];
}
