import type { Effect } from "../../fleet/effect.ts";
import type { Outage } from "../../fleet/tenant/workload.ts";
import type { EngineKind } from "../../hosts/engines.ts";

/*
 * What an edit of a tenant does on a Docker or Podman host. Words for people are made of it by the plan; that they are true
 * is tested against what the components declare (test/components/planTruth.test.ts).
 */

/** How a property of a workload is put into place. */
export type Way = "replaced" | "in place" | "by the gate" | "on paper";

interface Meaning {
  readonly words: string;
  readonly way: Way;
}

/**
 * Properties of a workload that do not replace its container, and words for those whose name says too little. What is
 * not here replaces: that is Docker's rule, and the one to assume of a property that comes later.
 */
const meanings: Readonly<Record<string, Meaning>> = {
  "memory.limitMiB": { words: "memory limit", way: "in place" },
  "memory.reservationMiB": { words: "memory reserved", way: "on paper" },
  cpuShares: { words: "CPU shares", way: "in place" },
  pidsLimit: { words: "limit on processes", way: "by the gate" },
  prepare: { words: "what its first request makes", way: "by the gate" },
  proof: { words: "what proves that it works", way: "by the gate" },
  after: { words: "place in the start order", way: "on paper" },
  "outage.seconds": { words: "seconds away when replaced", way: "on paper" },
  "outage.without": { words: "what is away when replaced", way: "on paper" },
  "outage.repeats": { words: "what is done again", way: "on paper" },
  health: { words: "health check", way: "replaced" },
  wayOut: { words: "way out of the network", way: "replaced" },
  tmpfs: { words: "paths in memory", way: "replaced" },
  stopSignal: { words: "stop signal", way: "replaced" },
  stopSeconds: { words: "seconds to stop", way: "replaced" },
  dataPath: { words: "mount of the data volume", way: "replaced" },
};

/** What `components/docker/engine/podman.ts` has Pulumi do: Podman's update is missing before 5.1. */
const changesInPlace: Readonly<Record<EngineKind, boolean>> = { docker: true, podman: false };

/** What a property of a workload is called, and how a change of it is put into place by this engine. */
export function meaningOf(property: string, engine: EngineKind): Meaning {
  const found = meanings[property] ?? { words: property, way: "replaced" };
  return found.way === "in place" && !changesInPlace[engine] ? { ...found, way: "replaced" } : found;
}

/** What it means for people that something is put into place. */
export interface Consequence {
  readonly effect: Effect;
  readonly words: string;
}

/** A container goes and a new one comes. */
export function replaced(outage: Outage): Consequence {
  if ("repeats" in outage) return { effect: "in-place", words: outage.repeats };
  return {
    effect: "interrupts",
    words: `container replaced, about ${outage.seconds} s without ${outage.without}`,
  };
}

/** All containers of a tenant at once: what making a tenant takes. */
export const wholeTenant: Consequence = {
  effect: "interrupts",
  words: "every container of the tenant replaced, about 20 s down",
};
