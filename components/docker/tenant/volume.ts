import * as docker from "@pulumi/docker";
import { volumeLabels } from "../../../backends/docker/data.ts";
import type { DockerTenant } from "../../../backends/docker/tenant.ts";
import { labels, volumeGivenOnce } from "../hardened.ts";
import type { ChildOptions } from "../host/machine.ts";
import type { TenantSecrets } from "./secrets.ts";

/**
 * Holds all data of the tenant. Every property of a volume forces a new one, and an edit that did would be refused for
 * every tenant at once. So they are given when it is made, and differences are ignored from then on, but for the name.
 * Protected and kept: no edit of tenants.yaml deletes it, and `pulumi destroy` stops at it, unless the stack says
 * `protectData: false`.
 *
 * It is made after the secrets that its data is encrypted with: a volume without a root key in the state is thus never
 * that of a run which was killed, but an older one, with data that a new key could not read.
 */
export function createVolume(
  { tenant, volume }: DockerTenant,
  protect: boolean,
  { resources }: TenantSecrets,
  opts: ChildOptions,
) {
  return new docker.Volume(
    volume,
    { name: volume, labels: labels(volumeLabels(tenant)) },
    {
      ...opts,
      dependsOn: [...opts.dependsOn, ...resources],
      protect,
      retainOnDelete: protect,
      ignoreChanges: [...volumeGivenOnce],
    },
  );
}
