import type * as command from "@pulumi/command";
import { foundOwn } from "../../../backends/docker/found.ts";
import { gateLibrary } from "../../../backends/docker/gate.ts";
import { type Keeper, keeperGate, keeperPart } from "../../../backends/docker/keeper.ts";
import { physicalName } from "../../../fleet/names.ts";
import { engineContainer } from "../engine/resources.ts";
import { hardenedContainer, labels } from "../hardened.ts";
import type { ChildOptions } from "../host/machine.ts";
import type { ContainerContext } from "./container.ts";

/**
 * The container that holds the volume of a tenant whose services do not run, and its gate. It has the firewall's image,
 * which every host of tenants has, so that no edit of the tenant's release replaces it.
 *
 * It has no health check of the engine's, which would start a process of each closed tenant every few seconds: a program
 * that sleeps is well when it is there.
 */
export function createKeeper(
  keeper: Keeper,
  { plan: { tenant }, host, volume }: Pick<ContainerContext, "plan" | "host" | "volume">,
  opts: ChildOptions,
): command.local.Command {
  const image = host.images.firewall;
  const container = engineContainer(
    keeper.name,
    host.config.engine,
    {
      ...hardenedContainer,
      name: keeper.name,
      image,
      user: keeper.user,
      capabilities: { drops: ["ALL"] },
      entrypoints: [keeper.program],
      command: [...keeper.arguments],
      networkMode: "none",
      memory: keeper.memoryMiB,
      memorySwap: keeper.memoryMiB,
      cpuShares: 2,
      tmpfs: {},
      mounts: [{ type: "volume", source: volume.name, target: keeper.path, readOnly: true }],
      labels: labels({ tenant, service: keeperPart, purpose: keeper.purpose }),
      // As the first process of its container it would not hear of a SIGTERM, and it has nothing to end.
      stopSignal: "SIGKILL",
      stopTimeout: 1,
      destroyGraceSeconds: 1,
    },
    { ...opts, dependsOn: [...opts.dependsOn, host.image(image)] },
  );
  return host.shell.run(
    physicalName(tenant, `gate-${keeperPart}`),
    {
      library: gateLibrary,
      script: container.id.apply((id) => keeperGate(keeper, id)),
      found: foundOwn(host.facts, keeper.name),
    },
    { parent: opts.parent, dependsOn: [container] },
  );
}
