import type { SecretsRecord } from "../../fleet/secretsRecord.ts";
import { dispositionOf } from "../../fleet/tenant/state.ts";
import { KnownTenant } from "./guards/knownTenant.ts";
import type { Known } from "./known.ts";
import type { DockerTenant } from "./tenant.ts";

/**
 * Whether a run has work with a tenant that takes its time: it is new, runs other images than those planned, gets other
 * secrets, opens or closes, or has not come up to the end in a run before. An edit that replaces a container or two for
 * another setting is none.
 *
 * @param known undefined where there is no state yet
 * @param secrets generations that it gets; what it had is not held against them where no run has noted that
 */
export function takesLong(
  plan: Pick<DockerTenant, "tenant" | "state" | "workloads">,
  secrets: SecretsRecord,
  known: Known | undefined,
): boolean {
  if (known === undefined) return true;
  const had = new KnownTenant(plan.tenant, known);
  if (!dispositionOf(plan.state).runs) return !had.isClosed;
  const { generation, oldest } = had.secrets ?? secrets;
  return (
    !had.isUp ||
    plan.workloads.some(({ part, image }) => had.container(part)?.image !== image) ||
    generation !== secrets.generation ||
    oldest !== secrets.oldest
  );
}
