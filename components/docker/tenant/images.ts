import type * as docker from "@pulumi/docker";
import type { DockerTenant } from "../../../backends/docker/tenant.ts";
import type { Host } from "../host/host.ts";
import { type ChildOptions, pullImage } from "../host/machine.ts";

/** The image with this reference, once it is on the host. */
export type TenantImages = (reference: string) => docker.RemoteImage;

/**
 * A release's images are the host's, pulled once for all its tenants. One that a tenant's own entry names is the
 * tenant's: when it cannot be had, the error says whose it is, and the edit touches no resource of the host.
 */
export function tenantImages(plan: DockerTenant, host: Host, opts: ChildOptions): TenantImages {
  const own = new Map(
    plan.ownImages.map((reference) => [reference, pullImage(plan.tenant, reference, opts)]),
  );
  return (reference) => own.get(reference) ?? host.image(reference);
}
