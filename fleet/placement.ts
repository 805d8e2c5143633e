import type { Host, Size } from "./model.ts";
import { reservedMiB } from "./sizes.ts";

/** A tenant that the file puts on a host. */
export interface Placed {
  readonly tenant: string;
  readonly host: string;
  readonly size: Size;
}

/** What reservations of these tenants leave of a host, in MiB. Negative when they do not fit. */
export function freeMiB(host: Host, placed: readonly Placed[]): number {
  const reserved = placed
    .filter((tenant) => tenant.host === host.name)
    .reduce((sum, { size }) => sum + reservedMiB(size), 0);
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
