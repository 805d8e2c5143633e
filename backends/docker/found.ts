import { createHash } from "node:crypto";
import type { ContainerFact, HostFacts } from "./facts.ts";

/**
 * The environment variable of a Command that says what was found in the place of what it makes. Its value counts
 * for nothing but being another one: the Command then runs again.
 */
export const foundVariable = "FOUND";

/** SHA-256 as `sha256sum` has it. */
export const digestOf = (content: string) => createHash("sha256").update(content).digest("hex");

/** How a published file is not what it should be. */
export type FileFault = "missing" | "other";

/** Undefined when the file is as it should be, or when nobody knows. */
export function fileFault(
  facts: HostFacts | undefined,
  path: string,
  content: string,
): FileFault | undefined {
  if (facts?.files === undefined) return undefined;
  const sum = facts.files.get(path);
  if (sum === undefined) return "missing";
  return sum === digestOf(content) ? undefined : "other";
}

/** What stands on the host in a file's place, when it is not this content. */
export function foundFile(facts: HostFacts | undefined, path: string, content: string): string | undefined {
  const words = { missing: "no file", other: "another file" } as const;
  const fault = fileFault(facts, path, content);
  return fault && `${words[fault]} at ${facts?.asked}`;
}

/** The same for the host's own Caddyfile, which also stands for what Caddy runs. */
export function foundCaddyfile(facts: HostFacts | undefined, content: string): string | undefined {
  const file = foundFile(facts, "Caddyfile", content);
  if (file !== undefined || facts?.runsWhatWasPublished !== false) return file;
  return `another configuration in the running Caddy at ${facts.asked}`;
}

/** What is wrong with the firewall's rules. */
export function foundRules(facts: HostFacts | undefined): string | undefined {
  return facts?.isGuarded === false ? `no rule at ${facts.asked}` : undefined;
}

/** How a container is not as it was made, where Pulumi does not see it. */
export type ContainerFault = "paused" | "networks";

/** Undefined when it is as it should be, is not there, or nobody knows. */
export function containerFault(
  fact: ContainerFact | undefined,
  networks: readonly string[],
): ContainerFault | undefined {
  if (fact === undefined) return undefined;
  if (fact.isPaused) return "paused";
  const isSame =
    fact.networks.length === networks.length && networks.every((one) => fact.networks.includes(one));
  return isSame ? undefined : "networks";
}

/** A container of a gate, and what it must be like once the gate is passed. */
export interface GatedContainer {
  readonly name: string;
  readonly kind: "service" | "step";
  readonly networks: readonly string[];
}

/**
 * The first of a gate's containers that is not as a passed gate leaves it. The gate then runs again: it puts right
 * what it can, and fails where it cannot. A gate that has failed before is found here again, since the state does not
 * remember it: it keeps what the run before that has written.
 */
export function foundContainers(
  facts: HostFacts | undefined,
  containers: readonly GatedContainer[],
): string | undefined {
  if (facts === undefined) return undefined;
  const found = containers.flatMap((container) => {
    const words = gateFault(facts, container);
    return words === undefined ? [] : [`${container.name} ${words} at ${facts.asked}`];
  });
  return found[0];
}

function gateFault(facts: HostFacts, { name, kind, networks }: GatedContainer): string | undefined {
  const fact = facts.containers.get(name);
  // A step that was done and cleaned away is missed by nobody; a refresh makes it again.
  if (fact === undefined) return kind === "step" ? undefined : "not there";
  // A container that has ended keeps the name of a network that is gone.
  const gone = networks.find((network) => !facts.networks.has(network));
  if (gone !== undefined) return `without its network ${gone}`;
  const fault = containerFault(fact, networks);
  if (fault !== undefined) return { paused: "paused", networks: "in other networks" }[fault];
  if (kind === "step") return fact.exitCode === 0 ? undefined : "not done";
  if (fact.exitCode !== undefined) return "stopped";
  return fact.isFailing ? "unhealthy" : undefined;
}

/** What is wrong with a container of the host's own; undefined when nothing is, or nobody knows. */
export function foundOwn(facts: HostFacts | undefined, name: string): string | undefined {
  if (facts === undefined) return undefined;
  const fact = facts.containers.get(name);
  if (fact === undefined) return `no ${name} at ${facts.asked}`;
  if (fact.isPaused) return `${name} paused at ${facts.asked}`;
  return fact.exitCode === undefined ? undefined : `${name} stopped at ${facts.asked}`;
}
