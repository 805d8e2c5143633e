import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { DockerNetwork, DockerTenant } from "../../../backends/docker/tenant.ts";
import type { EngineKind } from "../../../hosts/engines.ts";
import { engineNetwork } from "../engine/resources.ts";
import { labels } from "../hardened.ts";

/** The two networks of a tenant, as Pulumi has them. */
export interface NetworkResources {
  readonly internal: docker.Network;
  readonly egress: docker.Network;
}

/**
 * The tenant's two bridges. Subnets are written out: Docker's own pools end at about 31 networks
 * (bitwarden/server#439). So are gateways: left out, the engine reports one from its next start on, and a refresh
 * after a reboot would find a change. **Every change replaces a network, and with it every container of the tenant.**
 */
export function createNetworks(
  plan: DockerTenant,
  engine: EngineKind,
  opts: pulumi.CustomResourceOptions,
): NetworkResources {
  const network = ({ name, subnet, gateway, internal, bridge }: DockerNetwork) =>
    engineNetwork(
      name,
      engine,
      {
        name,
        internal,
        driver: "bridge",
        ipamConfigs: [{ subnet, gateway }],
        options: { "com.docker.network.bridge.name": bridge },
        labels: labels({ tenant: plan.tenant }),
      },
      opts,
    );
  return { internal: network(plan.networks.internal), egress: network(plan.networks.egress) };
}
