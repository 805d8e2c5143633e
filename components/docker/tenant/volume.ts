import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { DockerTenant } from "../../../backends/docker/tenant.ts";
import { labels } from "../hardened.ts";

/**
 * Holds all data of the tenant. Nearly every property of a volume forces a new one, so nothing but the name is
 * set. Protected and kept: no edit of tenants.yaml deletes it, and `pulumi destroy` stops at it, unless the
 * stack says `protectData: false`.
 */
export function createVolume(plan: DockerTenant, protect: boolean, opts: pulumi.CustomResourceOptions) {
  return new docker.Volume(
    plan.volume,
    { name: plan.volume, labels: labels({ tenant: plan.tenant, service: "postgres" }) },
    { ...opts, protect, retainOnDelete: protect },
  );
}
