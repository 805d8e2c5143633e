import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { DockerTenant, DockerWorkload } from "../../../backends/docker/tenant.ts";
import { physicalName } from "../../../fleet/names.ts";
import { engineContainer } from "../engine/resources.ts";
import { hardenedContainer, healthcheck, labels } from "../hardened.ts";
import type { Host } from "../host/host.ts";
import type { ChildOptions } from "../host/machine.ts";
import type { TenantImages } from "./images.ts";
import type { NetworkResources } from "./networks.ts";
import type { TenantSecrets } from "./secrets.ts";

export interface ContainerContext {
  readonly plan: DockerTenant;
  readonly host: Host;
  readonly images: TenantImages;
  readonly networks: NetworkResources;
  readonly volume: docker.Volume;
  readonly secrets: TenantSecrets;
}

/**
 * All images of the tenant, whichever the container is of: while one of them cannot be had, nothing of the tenant is stopped for
 * the sake of the others.
 */
const everyImage = ({ plan, images }: ContainerContext) =>
  [...new Set(plan.workloads.map(({ image }) => image))].map(images);

/** Where the container is attached. Networks are named by their resources, so that they are there before. */
const attachments = ({ internal, egress }: NetworkResources, { address, part, wayOut }: DockerWorkload) => [
  { name: internal.name, ipv4Address: address, aliases: [part] },
  ...(wayOut ? [{ name: egress.name }] : []),
];

/**
 * Renders one workload onto Docker. Services start at once and stay up; steps are only made here, and started
 * by their gate, which looks at the exit code: the provider would take a failed migration for a success.
 *
 * Memory and CPU shares change in place; everything else replaces the container, the old one first.
 */
export function createContainer(
  workload: DockerWorkload,
  context: ContainerContext,
  opts: ChildOptions,
  dependsOn: readonly pulumi.Resource[],
): docker.Container {
  const { plan, host, networks, volume, secrets } = context;
  const name = physicalName(plan.tenant, workload.part);
  const service = workload.kind === "service";
  return engineContainer(
    name,
    host.config.engine,
    {
      ...hardenedContainer,
      name,
      image: workload.image,
      user: workload.user, // never root: CIS 4.1
      capabilities: { drops: ["ALL"] }, // CIS 5.4
      ...(workload.entrypoint && { entrypoints: [...workload.entrypoint] }),
      ...(workload.command.length > 0 && { command: [...workload.command] }),
      envs: secrets.environment(workload.env),
      memory: workload.memory.limitMiB, // CIS 5.11
      memorySwap: workload.memory.limitMiB, // no swap
      cpuShares: workload.cpuShares, // CIS 5.12
      tmpfs: { ...workload.tmpfs },
      networksAdvanced: attachments(networks, workload),
      neighbours: Object.fromEntries(plan.workloads.map(({ part, address }) => [part, address])),
      ...(workload.dataPath && {
        mounts: [{ type: "volume", source: volume.name, target: workload.dataPath }],
      }),
      ...(workload.health && {
        healthcheck: healthcheck(workload.health, host.config.healthIntervalSeconds),
      }),
      ...(!service && { start: false, mustRun: false, restart: "no" }),
      // Not the release: its name is no reason to make a container again. What runs is known by its image.
      labels: labels({ tenant: plan.tenant, service: workload.part }),
      stopSignal: workload.stopSignal,
      stopTimeout: workload.stopSeconds,
      // Delete reads this from state. Its default 0 would kill Postgres.
      destroyGraceSeconds: workload.stopSeconds,
    },
    { ...opts, dependsOn: [...everyImage(context), ...dependsOn] },
  );
}
