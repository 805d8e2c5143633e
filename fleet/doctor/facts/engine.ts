import { z } from "zod";
import { managedBy } from "../../names.ts";

/** Paths of the engine's API that are asked, and the name of each answer. */
export const enginePaths = {
  version: "/version",
  info: "/info",
  networks: "/networks",
  containers: "/containers/json?all=1",
  volumes: "/volumes",
  images: "/images/json",
} as const;

export type EngineAnswers = Readonly<Record<keyof typeof enginePaths, unknown>>;

/** What an engine says about itself and what it holds. */
export interface EngineFacts {
  readonly kind: "docker" | "podman";
  readonly version: string;
  readonly apiVersion: string;
  readonly info: Info;
  readonly networks: readonly Network[];
  readonly containers: readonly Container[];
  readonly volumes: readonly Held[];
  /** References by which it knows its images. */
  readonly images: ReadonlySet<string>;
}

/** A thing of the engine's by its physical name. */
export interface Held {
  readonly name: string;
  readonly isOurs: boolean;
  /** Undefined for what belongs to the host, or is not ours. */
  readonly tenant: string | undefined;
}

export interface Network extends Held {
  readonly subnets: readonly string[];
  /** Device of its bridge. */
  readonly bridge: string | undefined;
}

export interface Container extends Held {
  /** `running`, `exited`, … */
  readonly state: string;
  readonly health: "healthy" | "unhealthy" | "starting" | undefined;
  /** TCP ports of the host that it publishes. */
  readonly ports: readonly number[];
}

const labels = z.record(z.string(), z.string()).nullish();

const infoAnswer = z.looseObject({
  Driver: z.string().optional(),
  DriverStatus: z.array(z.array(z.string())).nullish(),
  CgroupVersion: z.string().optional(),
  CgroupDriver: z.string().optional(),
  MemoryLimit: z.boolean().optional(),
  SwapLimit: z.boolean().optional(),
  PidsLimit: z.boolean().optional(),
  CPUShares: z.boolean().optional(),
  IPv4Forwarding: z.boolean().optional(),
  LoggingDriver: z.string().optional(),
  DockerRootDir: z.string().optional(),
  MemTotal: z.number().optional(),
  NCPU: z.number().optional(),
  Architecture: z.string().optional(),
  OperatingSystem: z.string().optional(),
  LiveRestoreEnabled: z.boolean().optional(),
  SecurityOptions: z.array(z.string()).nullish(),
  Warnings: z.array(z.string()).nullish(),
  DefaultAddressPools: z.array(z.looseObject({ Base: z.string() })).nullish(),
});
export type Info = z.infer<typeof infoAnswer>;

const versionAnswer = z.looseObject({
  Version: z.string(),
  ApiVersion: z.string(),
  Components: z.array(z.looseObject({ Name: z.string() })).nullish(),
});

const networksAnswer = z.array(
  z.looseObject({
    Name: z.string(),
    Id: z.string(),
    Labels: labels,
    Options: z.record(z.string(), z.string()).nullish(),
    IPAM: z
      .looseObject({ Config: z.array(z.looseObject({ Subnet: z.string().optional() })).nullish() })
      .nullish(),
  }),
);

const containersAnswer = z.array(
  z.looseObject({
    Names: z.array(z.string()),
    Labels: labels,
    State: z.string(),
    Status: z.string().nullish(),
    Ports: z
      .array(z.looseObject({ PublicPort: z.number().optional(), Type: z.string().optional() }))
      .nullish(),
  }),
);

const volumesAnswer = z.looseObject({
  Volumes: z.array(z.looseObject({ Name: z.string(), Labels: labels })).nullish(),
});

const imagesAnswer = z.array(
  z.looseObject({ RepoTags: z.array(z.string()).nullish(), RepoDigests: z.array(z.string()).nullish() }),
);

/** @returns undefined when the answers are not those of an engine */
export function engineFacts(answers: EngineAnswers): EngineFacts | undefined {
  const version = versionAnswer.safeParse(answers.version).data;
  const info = infoAnswer.safeParse(answers.info).data;
  if (version === undefined || info === undefined) return undefined;
  const isPodman = version.Components?.some(({ Name }) => /podman/i.test(Name)) ?? false;
  return {
    kind: isPodman ? "podman" : "docker",
    version: version.Version,
    apiVersion: version.ApiVersion,
    info,
    networks: (networksAnswer.safeParse(answers.networks).data ?? []).map((network) => ({
      ...held(network.Name, network.Labels),
      subnets: network.IPAM?.Config?.flatMap(({ Subnet }) => Subnet ?? []) ?? [],
      bridge: network.Options?.["com.docker.network.bridge.name"] ?? `br-${network.Id.slice(0, 12)}`,
    })),
    containers: (containersAnswer.safeParse(answers.containers).data ?? []).map((container) => ({
      ...held((container.Names[0] ?? "?").replace(/^\//, ""), container.Labels),
      state: container.State,
      health: healthOf(container.Status ?? ""),
      ports:
        container.Ports?.flatMap(({ PublicPort, Type }) => (Type === "udp" ? [] : (PublicPort ?? []))) ?? [],
    })),
    volumes: (volumesAnswer.safeParse(answers.volumes).data?.Volumes ?? []).map((volume) =>
      held(volume.Name, volume.Labels),
    ),
    images: new Set(
      (imagesAnswer.safeParse(answers.images).data ?? []).flatMap(({ RepoTags, RepoDigests }) => [
        ...(RepoTags ?? []),
        ...(RepoDigests ?? []),
      ]),
    ),
  };
}

function held(name: string, given: z.infer<typeof labels>): Held {
  return {
    name,
    isOurs: given?.["olympus-fleet.managed-by"] === managedBy,
    tenant: given?.["olympus-fleet.tenant"],
  };
}

/** `Up 2 hours (healthy)` */
function healthOf(status: string): Container["health"] {
  const [, word] = /\((healthy|unhealthy|health: starting)\)/.exec(status) ?? [];
  return word === "health: starting" ? "starting" : (word as "healthy" | "unhealthy" | undefined);
}
