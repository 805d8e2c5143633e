import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { DockerTenant } from "../../../backends/docker/tenant.ts";
import { labels, volumeGivenOnce } from "../hardened.ts";

/**
 * Holds all data of the tenant. Every property of a volume forces a new one, and an edit that did would be refused for
 * every tenant at once. So they are given when it is made, and differences are ignored from then on, but for the name.
 * Protected and kept: no edit of tenants.yaml deletes it, and `pulumi destroy` stops at it, unless the stack says
 * `protectData: false`.
 */
export function createVolume(plan: DockerTenant, protect: boolean, opts: pulumi.CustomResourceOptions) {
  return new docker.Volume(
    plan.volume,
    { name: plan.volume, labels: labels({ tenant: plan.tenant, service: "postgres" }) },
    { ...opts, protect, retainOnDelete: protect, ignoreChanges: [...volumeGivenOnce] },
  );
}
