import { configFolder } from "../../backends/docker/caddy/places.ts";
import { publishedFiles } from "../../backends/docker/caddy/publish.ts";
import type { ContainerFact, HostFacts } from "../../backends/docker/facts.ts";
import { digestOf } from "../../backends/docker/found.ts";
import { caddyContainer, firewallContainer } from "../../backends/docker/names.ts";
import { line } from "../../hosts/shell.ts";
import type { Drift } from "./drift.ts";
import type { Owner, StackState, StateResource } from "./state.ts";

/** What a host has otherwise than the last `up` has left it, as far as Pulumi cannot read it. */
export function hostDrift(host: string, facts: HostFacts, state: StackState): Drift[] {
  const resources = state.on(host);
  const owner: Owner = { kind: "host", name: host };
  return [
    ...fileDrift(owner, resources, facts, state),
    ...(facts.runsWhatWasPublished === false ? [otherConfiguration(owner)] : []),
    ...(facts.isGuarded === false ? [noRules(owner)] : []),
    ...resources.flatMap((resource) => containerDrift(resource, facts, state)),
    ...unwatched(owner, facts),
  ];
}

function fileDrift(
  host: Owner,
  resources: readonly StateResource[],
  { files }: HostFacts,
  state: StackState,
): Drift[] {
  if (files === undefined) return [];
  const published = resources.flatMap(({ urn, inputs }) =>
    publishedFiles(String(inputs.stdin ?? "")).map((file) => ({ ...file, owner: state.ownerOf(urn) })),
  );
  const faults = published.flatMap(({ path, content, owner }): Drift[] => {
    const sum = files.get(path);
    if (sum === digestOf(content)) return [];
    const how = sum === undefined ? "removed" : "changed";
    const words = `Caddy's ${path} was ${how === "removed" ? "removed" : "edited"} by hand`;
    return [{ owner, kind: "file", name: path, how, words, mend: "up" }];
  });
  const strays = [...files.keys()].filter(
    (path) => path.startsWith("sites/") && !published.some((file) => file.path === path),
  );
  return [...faults, ...strays.map((path) => stray(host, path))];
}

function stray(owner: Owner, path: string): Drift {
  const remedy = `If it is not wanted: ${line("docker", "exec", caddyContainer, "rm", `${configFolder}/${path}`)}, then ${line("docker", "restart", caddyContainer)}`;
  const words = `Caddy's ${path} was put there by hand`;
  return { owner, kind: "file", name: path, how: "added", words, mend: "hand", remedy };
}

const otherConfiguration = (owner: Owner): Drift => ({
  owner,
  kind: "caddy",
  name: caddyContainer,
  how: "changed",
  words: "Caddy runs another configuration than was published",
  mend: "up",
});

const noRules = (owner: Owner): Drift => ({
  owner,
  kind: "firewall",
  name: firewallContainer,
  how: "removed",
  words: `the firewall's rules are missing, though ${firewallContainer} runs: tenants reach each other and services of the host`,
  mend: "hand",
  remedy: `See why: ${line("docker", "logs", "--tail", "20", firewallContainer)}`,
});

/**
 * A check may take as long as it is given, and a host with eight programs for each core begins it late (seen: 26 s after
 * its time). What is looked for here does not pass by itself, so it may be found a minute later.
 */
const lateSeconds = 45;

/**
 * Before Docker 23 a restart of dockerd under live-restore ends the health checks of all containers that go on, and the
 * engine keeps saying what it saw last (moby/moby#41871).
 */
function unwatched(owner: Owner, { asked, checks, containers }: HostFacts): Drift[] {
  const old = [...checks].filter(([name, { at, intervalSeconds }]) => {
    const seconds = (Date.parse(asked) - at) / 1000;
    return seconds > 3 * intervalSeconds + lateSeconds && containers.get(name)?.isPaused === false;
  });
  if (old.length === 0) return [];
  const names = old.map(([name]) => name).sort();
  const last = new Date(Math.max(...old.map(([, { at }]) => at))).toISOString().replace(/\.\d+Z$/, "Z");
  return [
    {
      owner,
      kind: "other",
      name: "health checks",
      how: "stopped",
      words: `the engine has not looked at the health of ${names.join(", ")} since ${last}, and goes on saying what it saw then`,
      mend: "hand",
      remedy:
        `Start its checks again: ${line("docker", "restart", ...names)}. With live-restore, Docker before 23 stops them ` +
        "whenever dockerd restarts: upgrade Docker, or turn live-restore off",
    },
  ];
}

function containerDrift(resource: StateResource, { containers }: HostFacts, state: StackState): Drift[] {
  const { name } = resource.inputs;
  if (resource.type !== "docker:index/container:Container" || typeof name !== "string") return [];
  const fact = containers.get(name);
  if (fact === undefined) return []; // Pulumi sees that
  const owner = state.ownerOf(resource.urn);
  const drift = { owner, kind: "container", name } as const;
  if (fact.id !== resource.id) {
    const words = `${name} was removed, and another container has its name`;
    const remedy = `Before \`up\`: ${line("docker", "rm", "--force", name)}`;
    return [{ ...drift, how: "removed", words, mend: "hand", remedy }];
  }
  return [
    ...(fact.isPaused ? [paused(drift)] : []),
    ...networkDrift(resource, fact).map(
      (words) => ({ ...drift, how: "changed", words, mend: "up" }) as const,
    ),
  ];
}

/** Gates wake what is paused. */
const paused = ({ owner, kind, name }: Pick<Drift, "owner" | "kind" | "name">): Drift => ({
  owner,
  kind,
  name,
  how: "stopped",
  words: `${name} is paused`,
  mend: "up",
});

/** Between tenants lies nothing but that their containers are in no network of another's. */
function networkDrift({ inputs }: StateResource, { networks }: ContainerFact): string[] {
  const declared = inputs.networksAdvanced;
  if (!Array.isArray(declared)) return [];
  const wanted = declared.map((network: { readonly name?: unknown }) => String(network.name));
  return [
    ...networks
      .filter((network) => !wanted.includes(network))
      .map((network) => `${inputs.name} was connected to the network ${network}`),
    ...wanted
      .filter((network) => !networks.includes(network))
      .map((network) => `${inputs.name} was disconnected from the network ${network}`),
  ];
}
