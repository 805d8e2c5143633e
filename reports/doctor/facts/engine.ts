import { managedBy } from "../../../fleet/names.ts";
import { type EngineVersion, engineVersion } from "../../../hosts/engines.ts";
import {
  containersAnswer,
  type Info,
  imagesAnswer,
  infoAnswer,
  type Labels,
  networksAnswer,
  volumesAnswer,
} from "./engineAnswers.ts";

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
export interface EngineFacts extends EngineVersion {
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

/** @returns undefined when the answers are not those of an engine */
export function engineFacts(answers: EngineAnswers): EngineFacts | undefined {
  const version = engineVersion(answers.version);
  const info = infoAnswer.safeParse(answers.info).data;
  if (version === undefined || info === undefined) return undefined;
  return {
    ...version,
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

function held(name: string, given: Labels): Held {
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
