import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { publishScript } from "../../../backends/docker/caddy/publish.ts";
import { vhost } from "../../../backends/docker/caddy/vhost.ts";
import { foundFile } from "../../../backends/docker/found.ts";
import type { DockerTenant } from "../../../backends/docker/tenant.ts";
import { physicalName } from "../../../fleet/names.ts";
import type { Host } from "../host/host.ts";
import type { ChildOptions } from "../host/machine.ts";

/**
 * The tenant's site file in the host's Caddy. It is checked with all others before it is put in place, so a bad
 * one changes nothing; when the tenant goes, so does the file.
 *
 * It depends on everything else of the tenant, so it is what Pulumi deletes first, and it is never replaced. Hence
 * it bears the protection as well: a tenant that vanishes from the file, or a destroy, stops here, before anything
 * of the tenant has stopped. Protected further down alone, the volume would survive a tenant that is gone.
 */
export function createVhost(
  plan: DockerTenant,
  host: Host,
  protect: boolean,
  opts: ChildOptions,
  dependsOn: readonly pulumi.Resource[],
): command.local.Command {
  const path = `sites/${plan.tenant}.caddy`;
  const content = vhost(plan, host.tls);
  return host.shell.run(
    physicalName(plan.tenant, "vhost"),
    {
      script: host.caddy.apply((caddy) => publishScript(caddy, path, content, "remove")),
      onDelete: true,
      found: foundFile(host.facts, path, content),
    },
    { parent: opts.parent, dependsOn: [...dependsOn], protect },
  );
}
