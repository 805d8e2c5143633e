import type { Host } from "../../fleet/model.ts";
import { physicalName } from "../../fleet/names.ts";
import { type Part, parts } from "../../fleet/tenant/parts.ts";
import type { TenantPlan } from "../../fleet/tenant/plan.ts";
import { dispositionOf } from "../../fleet/tenant/state.ts";
import type { Route, Workload, WritablePath } from "../../fleet/tenant/workload.ts";
import type { EngineKind } from "../../hosts/engines.ts";
import { type Keeper, keeperOf } from "./keeper.ts";
import { bridgeName } from "./names.ts";
import { pidsLimit } from "./pidsLimit.ts";
import { networksOf, nthAddress } from "./subnets.ts";

export interface DockerNetwork {
  readonly name: string;
  readonly subnet: string;
  /** The bridge's own address. */
  readonly gateway: string;
  /** Internal networks have no way out and no way in but from the host itself. */
  readonly internal: boolean;
  readonly bridge: string;
}

/** A container's place in a network. */
export interface Membership {
  readonly network: string;
  /** Fixed where Caddy or another container knows it. */
  readonly address?: string;
  readonly alias?: string;
}

/** A workload as a container. */
export interface DockerWorkload extends Omit<Workload, "writable"> {
  /** Fixed address in the tenant's internal network; its name there is the part's. */
  readonly address: string;
  /** Folders in memory, with their mount options. */
  readonly tmpfs: Readonly<Record<string, string>>;
  /** Relative share of a busy CPU; the engine's default is 1024. */
  readonly cpuShares: number;
  /** Most processes and threads at once (CIS 5.29). */
  readonly pidsLimit: number;
}

export interface DockerRoute extends Omit<Route, "to"> {
  /** `address:port` in the tenant's internal network. */
  readonly upstream: string;
  /**
   * The host's own address in that network, from which Caddy dials. While the network is not there, nor is the address,
   * and the kernel sends nothing: to the default gateway least of all, which would get what a visitor has typed.
   */
  readonly from: string;
}

/** A tenant as it lies on a Docker or Podman host. */
export interface DockerTenant extends Omit<TenantPlan, "network" | "workloads" | "routes"> {
  /** What runs its containers. */
  readonly engine: EngineKind;
  /** Made while its services run; otherwise the place that they come back to. */
  readonly networks: { readonly internal: DockerNetwork; readonly egress: DockerNetwork };
  /** Holds all of the tenant's data. */
  readonly volume: string;
  readonly workloads: readonly DockerWorkload[];
  /** Holds the volume while nothing else does. Default: its services run. */
  readonly keeper?: Keeper;
  readonly routes: readonly DockerRoute[];
}

/**
 * Every container has its own address, so that none that the engine hands out can take one that Caddy knows. The first
 * is the bridge's.
 */
const addressInSubnet = (part: Part) => 2 + parts.indexOf(part);

/** The same for all: no part of a tenant needs more, and none is to starve another tenant's. */
const shared = { cpuShares: 1024, pidsLimit } as const;

const mountOptions = ({ sizeMiB, owner, mode }: WritablePath) =>
  [
    `rw,noexec,nosuid,nodev,size=${sizeMiB}m`,
    ...(owner === undefined ? [] : [`uid=${owner},gid=${owner}`]),
    `mode=${mode}`,
  ].join(",");

/** The networks that a workload's container is in, and in no other. */
export function memberships(
  { networks }: Pick<DockerTenant, "networks">,
  { address, part, wayOut }: DockerWorkload,
): Membership[] {
  const inside = { network: networks.internal.name, address, alias: part };
  return wayOut ? [inside, { network: networks.egress.name }] : [inside];
}

/** Where a tenant lies on its host: networks, addresses, mounts. What runs, and after what, is the plan's. */
export function onDocker(plan: TenantPlan, host: Pick<Host, "engine" | "networkPool">): DockerTenant {
  const { network: written, workloads, routes, ...rest } = plan;
  const places = networksOf(plan.tenant, written, host.networkPool);
  const network = (kind: "internal" | "egress"): DockerNetwork => ({
    name: physicalName(plan.tenant, kind),
    subnet: places[kind],
    gateway: nthAddress(places[kind], 1),
    internal: kind === "internal",
    bridge: bridgeName(places.index, kind),
  });
  const networks = { internal: network("internal"), egress: network("egress") };
  const address = (part: Part) => nthAddress(places.internal, addressInSubnet(part));
  return {
    ...rest,
    engine: host.engine,
    networks,
    volume: physicalName(plan.tenant, "postgres"),
    ...(!dispositionOf(plan.state).runs && { keeper: keeperOf(plan.tenant) }),
    workloads: workloads.map(({ writable, ...workload }) => ({
      ...workload,
      ...shared,
      address: address(workload.part),
      tmpfs: Object.fromEntries(writable.map((folder) => [folder.path, mountOptions(folder)])),
    })),
    routes: routes.map(({ to, ...route }) => ({
      ...route,
      upstream: `${address(to.part)}:${to.port}`,
      from: networks.internal.gateway,
    })),
  };
}
