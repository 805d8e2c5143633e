import type { TenantPlan } from "../../../fleet/tenant/plan.ts";

/**
 * The smallest backend: a list of a tenant's parts and of how they reach each other. It knows no engine, and it is here so
 * that the plan does not come to know one either: whatever it needs to print must be in the plan, in words of Olympus.
 */
export function printed({ tenant, host, state, workloads, gates, routes }: TenantPlan): string {
  const parts = workloads.map(({ part, kind, after, wayOut, dataPath, writable, memory }) =>
    [
      `${part}: ${kind} of ${memory.limitMiB} MiB`,
      after && `after gate ${after}`,
      wayOut && "has a way out",
      dataPath && `keeps data in ${dataPath}`,
      `writes to ${writable.map(({ path, sizeMiB }) => `${path} (${sizeMiB} MiB)`).join(", ")}`,
    ]
      .filter(Boolean)
      .join(", "),
  );
  const order = gates.map(({ name, await: awaited, first = [], run, probe, watch, last }) =>
    [
      `gate ${name}: ${awaited.join(", ")} must answer`,
      first.length > 0 && `then ${first.join(", then ")} runs`,
      run.length > 0 && `then ${run.join(", ")} run`,
      probe && `the tenant is tried from ${probe.in}`,
      watch.length > 0 && `${watch.join(", ")} must not have moved`,
      last && `it ends in ${last.in}`,
    ]
      .filter(Boolean)
      .join(", "),
  );
  const ways = routes.map(({ hostNames, to }) => `${hostNames.join(", ")} leads to ${to.part}:${to.port}`);
  return [`${tenant} on ${host}, ${state}`, ...[...parts, ...order, ...ways].map((line) => `  ${line}`)].join(
    "\n",
  );
}
