import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../../fleet/names.ts";
import { vhost } from "../../fleet/render/caddy.ts";
import { publishScript } from "../../fleet/render/publish.ts";
import type { TenantPlan } from "../../fleet/tenantPlan.ts";
import type { ChildOptions, Host } from "../host/host.ts";

/**
 * The tenant's site file in the host's Caddy. It is checked with all others before it is put in place, so a bad
 * one changes nothing; when the tenant goes, so does the file.
 */
export function createVhost(
  plan: TenantPlan,
  host: Host,
  opts: ChildOptions,
  dependsOn: readonly pulumi.Resource[],
): command.local.Command {
  const content = vhost(plan.tenant, plan.routes, host.tls);
  return host.shell.run(
    physicalName(plan.tenant, "vhost"),
    {
      script: host.caddy.apply((caddy) =>
        publishScript(caddy, `sites/${plan.tenant}.caddy`, content, "remove"),
      ),
      onDelete: true,
    },
    { parent: opts.parent, dependsOn: [...dependsOn] },
  );
}
