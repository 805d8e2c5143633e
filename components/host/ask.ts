import { spawn } from "node:child_process";
import { type HostFacts, hostFacts } from "../../fleet/drift/facts.ts";
import type { Host } from "../../fleet/model.ts";
import { hostFactsScript } from "../../fleet/render/hostFacts.ts";
import { line } from "../../fleet/render/shell.ts";

/** A missing firewall rule is given 12 s to come back. */
const timeoutMs = 25_000;

/**
 * Asks every host once, all at the same time, what it has of what Pulumi cannot read. A host that does not answer is
 * missing in the result and nothing is said about it: a preview needs no host, and an `up` finds out by itself.
 */
export async function askHosts(hosts: readonly Host[]): Promise<ReadonlyMap<string, HostFacts>> {
  const answers = await Promise.all(
    hosts.map(async (host) => [host.name, hostFacts(await printed(host))] as const),
  );
  return new Map(answers.flatMap(([name, facts]) => (facts ? [[name, facts]] : [])));
}

/** What the script prints on the host, as far as it comes. */
function printed({ address, engine }: Host): Promise<string> {
  const script = `export ${line(`DOCKER_HOST=${address}`)}\n${hostFactsScript(engine)}`;
  return new Promise((resolve) => {
    const child = spawn("sh", ["-s"], { stdio: ["pipe", "pipe", "ignore"], timeout: timeoutMs });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.on("close", () => resolve(output));
    child.on("error", () => resolve(""));
    // What the script had started may live on and hold the stream; nobody waits for that.
    child.on("exit", (_, signal) => signal !== null && child.stdout.destroy());
    child.stdin.on("error", () => {}).end(script);
  });
}
