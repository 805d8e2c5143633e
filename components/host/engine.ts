import { request } from "node:http";
import * as pulumi from "@pulumi/pulumi";
import { type EngineAnswer, engineFault } from "../../fleet/engineFault.ts";
import type { Host } from "../../fleet/model.ts";

const scheme = "unix://";
const timeoutMs = 10_000;

function ask(address: string): Promise<EngineAnswer> {
  return new Promise((resolve) => {
    const options = { socketPath: address.slice(scheme.length), path: "/version", timeout: timeoutMs };
    const call = request(options, async (response) => {
      let body = "";
      try {
        for await (const chunk of response) body += chunk;
        resolve({ apiVersion: String(JSON.parse(body).ApiVersion) });
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
 * Asks the engines of this machine whether they can be used, before anything is declared: without one, every
 * resource would fail on its own, some after secrets and images had been made. A preview needs no engine.
 */
export async function requireEngines(hosts: readonly Pick<Host, "name" | "address">[]): Promise<void> {
  if (pulumi.runtime.isDryRun()) return;
  const local = hosts.filter(({ address }) => address.startsWith(scheme));
  const answers = await Promise.all(
    local.map(async ({ name, address }) => engineFault(name, address, await ask(address))),
  );
  const faults = answers.filter((fault) => fault !== undefined);
  if (faults.length > 0) throw new pulumi.RunError(`\n${faults.join("\n")}`);
}
