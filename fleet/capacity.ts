import type { Host } from "./model.ts";
import { freeMiB, limitedBy, type Placed, reservedBy } from "./placement.ts";

/** A host whose tenants need more than it has. */
export interface Overload {
  readonly host: string;
  readonly kind: "reservations" | "limits";
  /** The first tenant, in the order given, that no longer fits. */
  readonly tenant: string;
  readonly neededMiB: number;
  readonly availableMiB: number;
  /** Hosts that could take this tenant, by free memory, most first. */
  readonly room: readonly { readonly host: string; readonly freeMiB: number }[];
}

export interface Load {
  readonly reservedMiB: number;
  readonly limitedMiB: number;
}

/**
 * Reservations must fit `memory - reserve`: that much is in use at the same time. Limits may exceed the memory
 * by `overcommit`, since not every tenant has its peak at once. One-off steps (migrations) are left out: they
 * run before the services that they belong to.
 */
export function overloads(hosts: readonly Host[], placed: readonly Placed[], overcommit: number): Overload[] {
  return hosts.flatMap((host) => {
    const here = placed.filter((tenant) => tenant.host === host.name);
    const over = (
      kind: Overload["kind"],
      available: number,
      weight: (tenant: Placed) => number,
    ): Overload[] => {
      let neededMiB = 0;
      const culprit = here.find((tenant) => {
        neededMiB += weight(tenant);
        return neededMiB > available;
      });
      if (culprit === undefined) return [];
      const all = here.reduce((sum, tenant) => sum + weight(tenant), 0);
      const room = roomFor(culprit, hosts, placed, overcommit);
      return [
        { host: host.name, kind, tenant: culprit.tenant, neededMiB: all, availableMiB: available, room },
      ];
    };
    return [
      ...over("reservations", host.memoryMiB - host.reserveMiB, reservedBy),
      ...over("limits", limitBudgetMiB(host, overcommit), limitedBy),
    ];
  });
}

export function limitBudgetMiB(host: Host, overcommit: number): number {
  return Math.floor(host.memoryMiB * overcommit);
}

export function loadOf(host: string, placed: readonly Placed[]): Load {
  const here = placed.filter((tenant) => tenant.host === host);
  return {
    reservedMiB: here.reduce((sum, tenant) => sum + reservedBy(tenant), 0),
    limitedMiB: here.reduce((sum, tenant) => sum + limitedBy(tenant), 0),
  };
}

function roomFor(tenant: Placed, hosts: readonly Host[], placed: readonly Placed[], overcommit: number) {
  return hosts
    .filter((host) => host.name !== tenant.host)
    .map((host) => ({
      host: host.name,
      freeMiB: freeMiB(host, placed),
      freeLimitMiB: limitBudgetMiB(host, overcommit) - loadOf(host.name, placed).limitedMiB,
    }))
    .filter((room) => room.freeMiB >= reservedBy(tenant) && room.freeLimitMiB >= limitedBy(tenant))
    .sort((a, b) => b.freeMiB - a.freeMiB)
    .map(({ host, freeMiB: free }) => ({ host, freeMiB: free }));
}
