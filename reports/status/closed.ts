import { keeperPart } from "../../backends/docker/keeper.ts";
import { listed } from "../../fleet/listed.ts";
import type { Tenant } from "../../fleet/model.ts";
import { physicalName } from "../../fleet/names.ts";
import { type Service, services } from "../../fleet/tenant/parts.ts";
import type { ServiceState } from "./serviceState.ts";

/**
 * What is wrong with a tenant that is suspended or retired: something of it still runs, or nothing holds its volume.
 *
 * @param held how its keeper is
 */
export function closedComplaints(
  { name, state }: Pick<Tenant, "name" | "state">,
  held: ServiceState,
  states: Readonly<Record<Service, ServiceState>>,
): string[] {
  const running = services.filter(
    (service) => states[service] === "healthy" || states[service] === "unhealthy",
  );
  const runs =
    running.length === 0
      ? []
      : [
          `${listed(running, 5)} of it still ${running.length === 1 ? "runs" : "run"}, and the files say ${state}: no \`pulumi up\` has closed it yet`,
        ];
  if (held === "healthy" || held === "unknown" || running.includes("postgres")) return runs;
  return [
    ...runs,
    `${physicalName(name, keeperPart)} ${held === "missing" ? "is not there" : "does not run"}: a prune of the engine can take all data of ${name}`,
  ];
}
