import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { PlannedTenant } from "../../backends/docker/fleetPlan.ts";
import { problemLine } from "../../files/problem.ts";
import type { Host } from "../../fleet/model.ts";
import { physicalName } from "../../fleet/names.ts";
import { type KeyRotation, rotateKeys } from "../../fleet/tenant/services/rotateKeys.ts";
import { engines } from "../../hosts/engines.ts";
import { line } from "../../hosts/shell.ts";
import { isSshHost } from "../../hosts/ssh/ssh.ts";
import { type Transport, transportTo } from "../../hosts/transport.ts";
import { chosenStack } from "../chosenStack.ts";
import { command, exitCodes, type Terminal, UsageError } from "../command.ts";
import { type RotateOptions, rotateOptions, usage } from "./options.ts";

/** Two keys of 4096 bits on a busy host. */
const seconds = 300;

const keys = z.array(z.object({ set: z.string(), id: z.string() }));
/** What the script has done, and until when it waits; no time when it is done. */
const step = z.object({ made: keys, removed: keys, until: z.coerce.date().optional() });

/** New keys for a tenant's Hydra. */
export const rotate = command({
  summary: "new signing keys for a tenant's Hydra, and in time the end of the old ones",
  usage,
  options: rotateOptions,
  run: async (options, terminal) => {
    const { host, tenant } = chosen(options, terminal);
    const transport = transportTo(host, "-doctor");
    try {
      return await rotated(tenant, host, transport, options, terminal);
    } finally {
      await transport.close();
    }
  },
});

/** @throws UsageError for one that is no tenant of the stack, or of which nothing runs */
function chosen(
  options: RotateOptions,
  { project }: Terminal,
): { readonly host: Host; readonly tenant: PlannedTenant } {
  const { side } = chosenStack(project, options);
  if (!("planned" in side)) throw new UsageError(side.problems.map(problemLine).join("\n"));
  const { tenants, fleet } = side.planned;
  const tenant = tenants.find((one) => one.tenant.name === options.tenant);
  const host = tenant && fleet.config.hosts[tenant.tenant.host];
  if (tenant === undefined || host === undefined) {
    const names = tenants.map((one) => one.tenant.name).join(", ") || "none";
    throw new UsageError(
      `${options.tenant} is not a tenant of stack ${fleet.config.stack}. Its tenants: ${names}.`,
    );
  }
  if (tenant.plan.workloads.length === 0) {
    throw new UsageError(
      `${options.tenant} is ${tenant.tenant.state}: nothing of it runs that has keys. Write state: active, pulumi up, and then this.`,
    );
  }
  return { host, tenant };
}

async function rotated(
  { tenant }: PlannedTenant,
  host: Host,
  transport: Transport,
  { waitSeconds }: RotateOptions,
  { out, err }: Terminal,
): Promise<number> {
  for (let mayBegin = true; ; mayBegin = false) {
    const {
      code,
      out: printed,
      err: complaint,
    } = await transport.run(script(host, tenant.name, { waitSeconds, mayBegin }), { seconds });
    const found = code === 0 ? step.safeParse(parsed(printed)).data : undefined;
    if (found === undefined) {
      err(
        `${tenant.name}: ${reason(complaint || printed)}. What was done stays; the next call goes on from there.\n`,
      );
      return exitCodes.problems;
    }
    for (const { set, id } of found.made) out(`${tenant.name}: ${set} signs with a new key, ${id}\n`);
    for (const { set, id } of found.removed) out(`${tenant.name}: ${set} has lost its key ${id}\n`);
    if (found.until === undefined) {
      out(`${tenant.name}: the old keys are gone.\n`);
      return exitCodes.fine;
    }
    out(
      `${tenant.name}: what the old keys have signed is good until ${found.until.toISOString().slice(0, 19)}Z; this waits, and may be stopped: the next call goes on.\n`,
    );
    await until(found.until);
  }
}

/** A timer runs 24 days at most, and one for longer ends at once. */
const longestMs = 86_400_000;

async function until(time: Date): Promise<void> {
  for (;;) {
    const left = time.getTime() - Date.now();
    await sleep(Math.min(Math.max(0, left) + 1000, longestMs));
    if (left + 1000 <= longestMs) return;
  }
}

function script(host: Host, tenant: string, rotation: KeyRotation): string {
  const { in: part, command } = rotateKeys(rotation);
  const prelude = isSshHost(host) ? "" : engines[host.engine].prelude;
  return `${prelude}${line("docker", "exec", physicalName(tenant, part), ...command)} </dev/null\n`;
}

function parsed(printed: string): unknown {
  try {
    return JSON.parse(printed);
  } catch {
    return undefined;
  }
}

const reason = (text: string) =>
  text
    .split("\n")
    .flatMap((one) => /^(?:Error: |error: )?(hydra: .*)$/.exec(one)?.[1] ?? [])
    .at(0) ??
  (text.trim().split("\n").at(-1) || "the host says nothing");
