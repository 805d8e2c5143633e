import type { PlannedFleet, PlannedTenant } from "../../backends/docker/fleetPlan.ts";
import type { Host, StackConfig, Tenant } from "../../fleet/model.ts";

/** What a host is held against: the configuration and the tenants that the files put there. */
export interface Subject {
  readonly config: StackConfig;
  readonly host: Host;
  /** Routes to the other hosts and holds no tenant. */
  readonly isEdge: boolean;
  /** Of this host, in the order of the file. */
  readonly tenants: readonly PlannedTenant[];
  /** All tenants that the file knows, with the host of each. */
  readonly homes: ReadonlyMap<string, string>;
}

/** @throws Error for a name that is not one of the stack's hosts: the caller has looked */
export function subjectOf({ fleet, tenants }: PlannedFleet, name: string): Subject {
  const host = fleet.config.hosts[name];
  if (host === undefined) throw new Error(`${name} is not a host of stack ${fleet.config.stack}`);
  const home = ({ name: tenant, host: at }: Pick<Tenant, "name" | "host">) => [tenant, at] as const;
  return {
    config: fleet.config,
    host,
    isEdge: fleet.config.edge?.hosts.includes(name) ?? false,
    tenants: tenants.filter(({ tenant }) => tenant.host === name),
    homes: new Map([...fleet.tenants.map(home), ...fleet.skipped.map(home)]),
  };
}

/** A line of `olympus:hosts` for this host: `eu-1: { memory: 8GiB }`, in the form of the file. */
export function hostLines({ host }: Pick<Subject, "host">, ...lines: readonly string[]): string[] {
  return ["olympus:hosts:", `  ${host.name}:`, ...lines.map((line) => `    ${line}`)];
}

/** Images that this host has to have. */
export function imagesOf({ config, tenants, isEdge }: Subject): string[] {
  // An edge has no firewall of ours: there is no tenant to keep in.
  const ofHost = isEdge ? [config.hostImages.caddy] : Object.values(config.hostImages);
  const ofTenants = tenants.flatMap(({ plan }) => plan.workloads.map(({ image }) => image));
  return [...new Set([...ofHost, ...ofTenants])].sort();
}
