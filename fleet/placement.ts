import type { Host, Size } from "./model.ts";
import { closedMemory, limitedMiB, reservedMiB } from "./sizes.ts";
import { dispositionOf, type TenantState } from "./tenant/state.ts";

/** A tenant that the file puts on a host. */
export interface Placed {
  readonly tenant: string;
  readonly host: string;
  readonly size: Size;
  /** Decides how much of its size it uses. @default active */
  readonly state?: TenantState | undefined;
}

const runs = ({ state = "active" }: Pick<Placed, "state">) => dispositionOf(state).runs;

/** What counts against `memory - reserve` of its host, in MiB: all services of one that runs, next to nothing otherwise. */
export const reservedBy = (tenant: Pick<Placed, "size" | "state">): number =>
  runs(tenant) ? reservedMiB(tenant.size) : closedMemory.reservationMiB;

/** What counts against the host's memory times overcommit, in MiB. */
export const limitedBy = (tenant: Pick<Placed, "size" | "state">): number =>
  runs(tenant) ? limitedMiB(tenant.size) : closedMemory.limitMiB;

/** What reservations of these tenants leave of a host, in MiB. Negative when they do not fit. */
export function freeMiB(host: Host, placed: readonly Placed[]): number {
  const reserved = placed
    .filter((tenant) => tenant.host === host.name)
    .reduce((sum, tenant) => sum + reservedBy(tenant), 0);
  return host.memoryMiB - host.reserveMiB - reserved;
}

/**
 * The host of a tenant that names none: the only one there is. With a second host, here or in another stack,
 * it has to be written: data never moves because a line elsewhere changed.
 */
export function onlyHost(hosts: readonly string[], elsewhere: readonly string[]): string | undefined {
  const [only, ...more] = [...hosts, ...elsewhere];
  return more.length === 0 && hosts.length === 1 ? only : undefined;
}
