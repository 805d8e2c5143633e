import type { ContainerFact, HostFacts } from "../../../../backends/docker/facts.ts";
import { plannedFleet } from "../../../../backends/docker/fleetPlan.ts";
import { guarded } from "../../../../backends/docker/guards/guards.ts";
import { Known, type KnownResource } from "../../../../backends/docker/known.ts";
import { loadPlacedFleet, type PlacedFleet } from "../../../../files/load.ts";
import { editLines, refusalMessage } from "../../../../program/refusal.ts";
import recordedState from "./recordedState.json" with { type: "json" };

/**
 * What Pulumi has answered of a stack with acme and bigcorp, both `small`, on the host local, after a run that came to its
 * end: of each resource what guards look at, and of scripts the lines that name containers.
 */
export const recorded: readonly KnownResource[] = recordedState;

const digest = {
  postgres: "67f14976946d672d7a57a19bec53e0a6583b854ac86001d9427064a43ac7e31f",
  kratos: "0e022b09c961c2fd47ec8530fc888794f667a2f8ad2627c9a4baeec6caa8717f",
  hydra: "bbda217268cc53f3c6376b50108adf705e74f68e08cd569305bee182742e69fe",
  hera: "5eab3016b4b76b11fabcce1bf2b339d618f6ea986104eb8e004647f8bafacead",
  athena: "04f5de162b5d64ebd9894e4a9b312f88f9714783476cebb73c44ca62a035b428",
} as const;

const release = (name: string, major: number, base: string | undefined, postgres: string) => `  "${name}":
    postgresMajor: ${major}
${base === undefined ? "" : `    postgresBase: ${base}\n`}    images:
      postgres: ${postgres}
      kratos: registry.test/kratos@sha256:${digest.kratos}
      hydra: registry.test/hydra@sha256:${digest.hydra}
      hera: registry.test/hera@sha256:${digest.hera}
      athena: registry.test/athena@sha256:${digest.athena}
`;
const hostImages = "hostImages: { caddy: registry.test/caddy:1, firewall: registry.test/firewall:1 }\n";

/** The image that acme and bigcorp run. */
export const postgres = `registry.test/postgres@sha256:${digest.postgres}`;

/** Releases beside the one that acme and bigcorp run. */
const others = [
  release("17", 17, "trixie", "registry.test/postgres:17.7-trixie"),
  release("19", 19, "trixie", "registry.test/postgres:19.1-trixie"),
  release("alpine", 18, undefined, "registry.test/postgres:18.2-alpine3.23"),
  release("minor", 18, undefined, "registry.test/postgres:18.2-trixie"),
  release("closed", 18, undefined, `registry.test/postgres@sha256:${"1".repeat(64)}`),
];
const withRunning = ["releases:\n", release("2026.11", 18, "trixie", postgres), ...others, hostImages];

const local = { address: "unix:///var/run/docker.sock", memory: "16GiB" };
const second = { address: "unix:///run/eu-2/docker.sock", memory: "16GiB" };

export interface Edit {
  /** Lines below `tenants:`. */
  readonly tenants: string;
  /** @default defaults with release "2026.11" */
  readonly defaults?: string;
  readonly releases?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** @default the recorded one */
  readonly state?: readonly KnownResource[];
  /** @default no host has answered */
  readonly facts?: ReadonlyMap<string, HostFacts>;
  /** Fingerprints of the stack's root keys, by key. @default it has none */
  readonly roots?: Readonly<Record<string, string>>;
}

/** The files as they are read. */
export function placed(edit: Edit): PlacedFleet {
  const { defaults = '{ release: "2026.11", mail: none }' } = edit;
  const config = {
    domain: "localhost",
    hosts: { local, "eu-2": second },
    tls: { mode: "internal" },
    ...edit.config,
  };
  const stackText = `config:\n${Object.entries(config)
    .map(([key, value]) => `  olympus:${key}: ${JSON.stringify(value)}\n`)
    .join("")}`;
  return loadPlacedFleet({
    stack: "prod",
    config,
    configSource: { file: "Pulumi.prod.yaml", text: stackText },
    tenants: { file: "tenants.yaml", text: `defaults: ${defaults}\ntenants:\n${edit.tenants}` },
    releases: { file: "releases.yaml", text: edit.releases ?? withRunning.join("") },
    schemaTexts: () => undefined,
    secretKeys: Object.keys(edit.roots ?? {}),
  });
}

/** What a run says of files, held against a state. */
export function said(edit: Edit): { refused: string | undefined; told: string[] } {
  const { state = recorded, facts = new Map() } = edit;
  const written = placed(edit);
  const found = guarded({
    planned: plannedFleet(written.fleet),
    known: new Known(state),
    facts,
    now: new Date("2026-11-28T12:00:00Z"),
    postgresKind: written.postgresKind,
    rootFingerprints: new Map(Object.entries(edit.roots ?? {})),
  });
  return {
    refused: refusalMessage(found, written.lineOf),
    told: editLines(found.told, written.lineOf),
  };
}

export const quiet = { refused: undefined, told: [] };

/** Releases in which the one that runs has been written over. */
export const writtenOver = (major: number, base: string, image: string) =>
  ["releases:\n", release("2026.11", major, base, image), ...others, hostImages].join("");

/** The recorded state as another run would have left it: without some resources, or with others in their place. */
export const without = (pattern: RegExp, state = recorded) => state.filter(({ name }) => !pattern.test(name));
export const changed = (name: string, type: RegExp, outputs: Readonly<Record<string, unknown>>) =>
  recorded.map((one) =>
    one.name === name && type.test(one.type) ? { ...one, outputs: { ...one.outputs, ...outputs } } : one,
  );

/** The recorded state after a run that has closed a tenant: its services are gone, and the keeper's gate is there. */
export const closed = (tenant: string) => {
  const gate = recorded.find(({ name }) => name === `${tenant}-gate-ready`);
  if (gate === undefined) throw new Error(`no gate of ${tenant} is recorded`);
  const isOpen = new RegExp(
    `^${tenant}-(gate-.*|internal|egress|hera|athena|kratos.*|hydra.*|migrate.*|bootstrap.*)$`,
  );
  const rest = recorded.filter(
    ({ name, type }) => !isOpen.test(name) && !(name === `${tenant}-postgres` && /Container$/.test(type)),
  );
  return [...rest, { ...gate, name: `${tenant}-gate-keeper` }];
};

const none: HostFacts = {
  asked: "2026-11-28T12:00:00Z",
  containers: new Map(),
  networks: new Map(),
  checks: new Map(),
  volumes: new Map(),
  files: undefined,
  runsWhatWasPublished: undefined,
  isGuarded: undefined,
};

/** A host's answer: which container is Postgres's of a tenant, and whose volumes it has. */
export function host(containers: Readonly<Record<string, string>>, volumes: readonly string[]): HostFacts {
  const fact = { isOurs: true, isPaused: false, isFailing: false, exitCode: undefined, networks: [] };
  return {
    ...none,
    containers: new Map(
      Object.entries(containers).map(([tenant, id]): [string, ContainerFact] => [
        `${tenant}-postgres`,
        { ...fact, id },
      ]),
    ),
    volumes: new Map(volumes.map((tenant) => [`${tenant}-postgres`, { tenant }])),
  };
}

/** Ids of the recorded Postgres containers. */
export const postgresOf = (tenant: string): string => {
  const found = recorded.find(({ name, type }) => name === `${tenant}-postgres` && /Container$/.test(type));
  return String(found?.outputs.id);
};
