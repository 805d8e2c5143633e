import * as pulumi from "@pulumi/pulumi";
import type { HostFacts } from "../backends/docker/facts.ts";
import { Known } from "../backends/docker/known.ts";
import type { Leftover } from "../backends/docker/leftovers.ts";
import type { DockerTenant } from "../backends/docker/tenant.ts";
import { type Verdict, verdict } from "../backends/docker/verdict.ts";
import type { StackConfig } from "../fleet/model.ts";
import { askHosts } from "./askHosts.ts";
import { knownStack } from "./knownStack.ts";
import { requireEngines } from "./requireEngines.ts";

/** What was found before anything is touched. */
export interface Examined {
  /** What a host is made with. */
  readonly host: (name: string) => {
    readonly facts: HostFacts | undefined;
    readonly fault: string | undefined;
    readonly leftovers: readonly Leftover[] | undefined;
  };
  /** The stack's tenants with what speaks against touching them; those come last. */
  readonly tenants: readonly { readonly plan: DockerTenant; readonly words: string | undefined }[];
}

/**
 * Asks engines whether they can be used and hosts what they have, and holds that against what the stack's state knows,
 * before anything is touched. Nothing is said of a host that nobody could ask.
 *
 * @param plans of this stack's tenants
 * @throws RunError when an engine of this machine cannot be used, or an entry of the fleet's file is gone while its data
 * is protected
 */
export async function examine(config: StackConfig, plans: readonly DockerTenant[]): Promise<Examined> {
  const machines = Object.values(config.hosts);
  const faults = await requireEngines(machines, plans);
  const [facts, resources] = await Promise.all([
    askHosts(machines.filter(({ name }) => !faults.has(name))),
    knownStack(),
  ]);
  const verdicts = resources && judge(config, plans, facts, new Known(resources));
  for (const [host, one] of verdicts ?? []) await tell(host, one);
  const judged = plans.map((plan) => ({
    plan,
    words: verdicts?.get(plan.host)?.refusals.get(plan.tenant),
  }));
  return {
    host: (name) => ({
      facts: facts.get(name),
      fault: faults.get(name) ?? verdicts?.get(name)?.fault,
      leftovers: verdicts?.get(name)?.leftovers,
    }),
    tenants: [
      ...judged.filter(({ words }) => words === undefined),
      ...judged.filter(({ words }) => words !== undefined),
    ],
  };
}

function judge(
  config: StackConfig,
  plans: readonly DockerTenant[],
  facts: ReadonlyMap<string, HostFacts>,
  known: Known,
): ReadonlyMap<string, Verdict> {
  refuseVanished(known, plans, config.protectData);
  return new Map(
    Object.values(config.hosts).flatMap((host) => {
      const found = facts.get(host.name);
      const there = plans.filter((plan) => plan.host === host.name);
      return found === undefined ? [] : [[host.name, verdict(host, found, there, known)] as const];
    }),
  );
}

/** In a preview nothing fails that only an `up` would meet, so it is said. */
async function tell(host: string, { fault, leftovers, refusals }: Verdict): Promise<void> {
  if (leftovers.length > 0) {
    const names = leftovers.map(({ name }) => name).join(", ");
    await pulumi.log.info(
      `host ${host}: a run that was cut short has left ${names}. They hold no data; they are removed and made again.`,
    );
  }
  if (!pulumi.runtime.isDryRun()) return;
  for (const words of [...(fault ? [fault] : []), ...refusals.values()]) await pulumi.log.warn(words);
}

function refuseVanished(known: Known, plans: readonly DockerTenant[], protectData: boolean): void {
  const names = new Set(plans.map(({ tenant }) => tenant));
  const vanished = known.tenants.filter((tenant) => !names.has(tenant)).sort();
  if (vanished.length === 0) return;
  if (!protectData) {
    pulumi.log.info(
      `${vanished.join(", ")}: removed with all data. If Pulumi says of it that it is protected, write the entry back, pulumi up, and take it out again.`,
    );
    return;
  }
  const newcomers = [...names].filter((tenant) => !known.has("tenant", tenant)).sort();
  throw new pulumi.RunError(`\n${vanishedWords(vanished, newcomers)}`);
}

function vanishedWords(vanished: readonly string[], newcomers: readonly string[]): string {
  const [all, one] = [vanished.join(", "), vanished.length === 1];
  const lines = [
    `${all}: no entry of this stack in the fleet's file any more, and the stack protects data (olympus:protectData). Nothing was touched.`,
    ...(newcomers.length > 0
      ? [
          `A name cannot be changed: ${newcomers.join(", ")} would begin empty, and the data would stay with ${all}.`,
        ]
      : []),
    `If that was a mistake, write ${one ? "the entry" : "the entries"} back.`,
    `To remove ${one ? "it with its" : "them with their"} data: write ${one ? "the entry" : "the entries"} back, pulumi config set olympus:protectData false, pulumi up;`,
    "then take out what goes, pulumi up, and pulumi config set olympus:protectData true, pulumi up (docs/operate.md).",
  ];
  return lines.join("\n");
}
