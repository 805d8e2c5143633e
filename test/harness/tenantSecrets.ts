import { readFile } from "node:fs/promises";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import { readFleet } from "../../files/disk.ts";
import { stackFileValues } from "../../files/load.ts";
import { physicalName } from "../../fleet/names.ts";
import { redacted, type Text } from "../../fleet/tenant/text.ts";
import { projectDir } from "../../lab/paths.ts";
import type { TestFleet } from "./testFleet.ts";

/** Secret values by what they are, `acme kratos/cipher/1`. */
export type Secrets = ReadonlyMap<string, string>;

const escaped = (literal: string) => literal.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** The secrets in one variable, cut out of its value by the plain text around them. */
function cutOut(content: Text, value: string): [string, string][] {
  if (typeof content === "string") return [];
  const pattern = content.parts.map((part) => (typeof part === "string" ? escaped(part) : "(.+?)")).join("");
  const found = new RegExp(`^${pattern}$`, "s").exec(value);
  if (!found) throw new Error(`a value does not look like ${redacted(content)}`);
  const references = content.parts.filter((part) => typeof part !== "string");
  return references.map((ref, index) => [redacted({ parts: [ref] }).slice(1, -1), found[index + 1] ?? ""]);
}

/**
 * Every secret that the plan gives to a container of a tenant, as the container has it. The plan says which parts
 * of an environment are secret, so a new secret is looked for without a line here.
 */
export async function secretsOf(fleet: TestFleet): Promise<Secrets> {
  const file = await readFile(fleet.stack.configFile, "utf8");
  const { config, secretKeys } = stackFileValues({ file: fleet.stack.configFile, text: file });
  const model = readFleet(projectDir, { stack: fleet.stack.name, values: config, secretKeys });
  const secrets = new Map<string, string>();
  for (const tenant of model.tenants) {
    const host = model.config.hosts[tenant.host];
    if (!host) throw new Error(`${tenant.name}: no host ${tenant.host}`);
    for (const { part, env } of plannedTenant(tenant, host, model.config).workloads) {
      const container = physicalName(tenant.name, part);
      const given = JSON.parse(await fleet.docker("inspect", "--format", "{{json .Config.Env}}", container));
      const values = new Map((given as string[]).map((line) => line.split(/=(.*)/s, 2) as [string, string]));
      for (const [variable, content] of Object.entries(env)) {
        for (const [what, secret] of cutOut(content, values.get(variable) ?? "")) {
          secrets.set(`${tenant.name} ${what}`, secret);
        }
      }
    }
  }
  return secrets;
}

/** Everything that every container of the fleet has written, by container. */
export async function logsOf(fleet: TestFleet): Promise<Map<string, string>> {
  const names = await fleet.docker(
    "ps",
    "--all",
    "--filter",
    "label=olympus-fleet.managed-by",
    "--format",
    "{{.Names}}",
  );
  const logs = new Map<string, string>();
  for (const name of names.split("\n").filter(Boolean)) {
    logs.set(name, (await fleet.tryDocker("logs", name)).output);
  }
  return logs;
}

/** `acme-kratos: acme kratos/cipher/1` for each secret that a log tells; plain, in base64, or escaped for a URL. */
export function toldInLogs(logs: ReadonlyMap<string, string>, secrets: Secrets): string[] {
  return [...logs].flatMap(([container, log]) =>
    [...secrets]
      .filter(([, secret]) => {
        const spellings = [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
        return spellings.some((spelling) => log.includes(spelling));
      })
      .map(([what]) => `${container}: ${what}`),
  );
}
