import { keeperPart } from "../../backends/docker/keeper.ts";
import { physicalName } from "../../fleet/names.ts";
import type { Drift } from "./drift.ts";
import { nameOf, type Owner, type StackState, typeOf } from "./state.ts";
import type { Step } from "./steps.ts";

type Change = Omit<Drift, "owner">;

/** Properties whose values may be shown; of all others only the name is. */
const shownProperties = new Set([
  "restart",
  "cpuShares",
  "image",
  "user",
  "networkMode",
  "content",
  "ttl",
  "proxied",
]);

const kinds: Readonly<Record<string, Drift["kind"]>> = {
  "docker:index/container:Container": "container",
  "docker:index/network:Network": "network",
  "docker:index/volume:Volume": "volume",
  "docker:index/remoteImage:RemoteImage": "image",
  "cloudflare:index/dnsRecord:DnsRecord": "record",
};

/** What engines and DNS have otherwise than the last `up` has left it, by the steps of a refresh. */
export function resourceDrift(steps: readonly Step[], state: StackState): Drift[] {
  return steps.flatMap((step) => {
    const owner = state.ownerOf(step.urn);
    if (step.op === "delete") return [{ owner, ...removed(step, owner) }];
    return step.op === "update" ? [{ owner, ...changed(step, owner) }] : [];
  });
}

function about({ urn, oldState }: Step): Pick<Change, "kind" | "name"> {
  const kind = kinds[typeOf(urn)] ?? "other";
  const { name, type } = oldState?.inputs ?? {};
  if (kind === "other" || typeof name !== "string") return { kind, name: nameOf(urn) };
  return { kind, name: kind === "record" ? `${type} ${name}` : name };
}

/** What a thing is called in a sentence; containers need no word for it. */
const title = ({ kind, name }: Pick<Change, "kind" | "name">) => {
  if (kind === "container" || kind === "other") return name;
  return kind === "record" ? `DNS record ${name}` : `${kind} ${name}`;
};

/** What holds a volume is missed by nobody until somebody tidies up. */
const danger = (container: string, { name }: Owner): string =>
  container === physicalName(name, keeperPart)
    ? `, and a prune of the engine can take all data of ${name}`
    : "";

function removed(step: Step, owner: Owner): Change {
  const what = about(step);
  const words = `${title(what)} was removed${danger(what.name, owner)}`;
  const gone = { ...what, how: "removed", words, mend: "up" } as const;
  if (what.kind === "image") return { ...gone, words: `${words}; it is pulled again` };
  if (what.kind === "container" && step.oldState?.inputs.mustRun === false) {
    return { ...gone, words: `${words}, a step that had been done; it is done again` };
  }
  if (what.kind !== "volume" || owner.kind !== "tenant") return gone;
  const remedy = `\`pulumi up\` does not begin ${owner.name} empty: it says how to restore it, and how to begin it empty on purpose`;
  return { ...gone, words: `${words}, and with it all data of ${owner.name}`, mend: "hand", remedy };
}

function changed(step: Step, owner: Owner): Change {
  const what = about(step);
  const properties = step.diffReasons ?? [];
  if (what.kind === "container" && properties.includes("mustRun")) {
    return {
      ...what,
      how: "stopped",
      words: `${what.name} was stopped${danger(what.name, owner)}`,
      mend: "up",
    };
  }
  const told = properties.filter((property) => property !== "memorySwap" || !properties.includes("memory"));
  const words = `${title(what)} was changed: ${told.map((property) => difference(step, property)).join(", ")}`;
  return { ...what, how: "changed", words, mend: "up" };
}

function difference({ oldState, newState }: Step, property: string): string {
  const [before, after] = [oldState?.outputs[property], newState?.outputs[property]];
  if (property === "memory" || property === "memorySwap") return `${property} ${before}MiB → ${after}MiB`;
  const isShown = shownProperties.has(property) && [before, after].every(isPlain);
  return isShown ? `${property} ${before} → ${after}` : property;
}

const isPlain = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);
