import { createHash } from "node:crypto";
import {
  address4,
  contains,
  printedAddress4,
  printedRange4,
  type Range4,
  range4,
} from "../../fleet/address.ts";

/** A tenant's place in its host's `networkPool`. */
export interface TenantNetworks {
  /** Position in the pool; also names the bridges. */
  readonly index: number;
  /** The internal network, a /28: no way out, no way in but from the host. */
  readonly internal: string;
  /** The network with a way out, a /28, joined only by services that need one. */
  readonly egress: string;
}

/** Addresses of one tenant network, a /28: the engine takes three, which leaves 13 for containers. */
const networkSize = 16;
const networkPrefix = 28;

/** How many tenants' networks a pool holds: half of it is for internal networks, half for those with a way out. */
export function slotCount(pool: string): number {
  return 2 ** (32 - rangeOf(pool).prefix) / 2 / networkSize;
}

/**
 * Where a tenant's networks lie, from its name alone: what other tenants do cannot move it, and a host that is
 * rebuilt gives it the same addresses. The price is that two names may meet; `networkCollisions` finds that.
 */
export function slotOf(tenant: string, pool: string): number {
  const digest = createHash("sha256").update(`olympus-fleet/subnet/1/${tenant}`).digest();
  return digest.readUIntBE(0, 6) % slotCount(pool);
}

export function networksAt(slot: number, pool: string): TenantNetworks {
  const { base } = rangeOf(pool);
  const egressBase = base + slotCount(pool) * networkSize;
  const network = (start: number) =>
    printedRange4({ base: start + slot * networkSize, prefix: networkPrefix });
  return { index: slot, internal: network(base), egress: network(egressBase) };
}

/**
 * Where a tenant's networks lie on its host: as written, or by its name.
 *
 * @param written a /28 of the pool's lower half; anything else has been refused with the files
 */
export function networksOf(tenant: string, written: string | undefined, pool: string): TenantNetworks {
  const slot = written === undefined ? slotOf(tenant, pool) : slotOfNetwork(written, pool);
  if (slot === undefined) throw new Error(`${written} of ${tenant} is no tenant network of ${pool}`);
  return networksAt(slot, pool);
}

/** The slot of an internal network that somebody wrote; undefined when it is not a /28 in the pool's lower half. */
export function slotOfNetwork(network: string, pool: string): number | undefined {
  const { base, prefix } = rangeOf(pool);
  const range = range4(network);
  if (range?.prefix !== networkPrefix || !contains({ base, prefix: prefix + 1 }, range)) return undefined;
  return (range.base - base) / networkSize;
}

export interface SlotRequest {
  readonly tenant: string;
  /** The slot of the tenant's `network`; without it the name decides. */
  readonly written?: number | undefined;
}

export interface NetworkCollision {
  /** Earlier in the file, or with a written network: keeps its place. */
  readonly holder: string;
  readonly newcomer: string;
  readonly slot: number;
  /** Nearest slot that nobody on the host has; undefined when the pool is full. */
  readonly free: number | undefined;
}

export interface Slots {
  readonly slots: ReadonlyMap<string, number>;
  readonly collisions: readonly NetworkCollision[];
}

/**
 * The slots of one host's tenants. Nobody is moved out of the way: a collision is for people to settle with a
 * line in the file, since the next reader of the file has to find the same addresses.
 */
export function assignSlots(pool: string, requests: readonly SlotRequest[]): Slots {
  const written = requests.filter((request) => request.written !== undefined);
  const derived = requests.filter((request) => request.written === undefined);
  const slots = new Map<string, number>();
  const holders = new Map<number, string>();
  const collided: { holder: string; newcomer: string; slot: number }[] = [];
  for (const { tenant, written: slot = slotOf(tenant, pool) } of [...written, ...derived]) {
    const holder = holders.get(slot);
    slots.set(tenant, slot);
    if (holder === undefined) holders.set(slot, tenant);
    else collided.push({ holder, newcomer: tenant, slot });
  }
  const taken = new Set(holders.keys());
  const collisions = collided.map((collision) => {
    const free = nextFree(collision.slot, taken, slotCount(pool));
    // Two newcomers in one run must not be sent to the same place.
    if (free !== undefined) taken.add(free);
    return { ...collision, free };
  });
  return { slots, collisions };
}

function nextFree(slot: number, taken: ReadonlySet<number>, count: number): number | undefined {
  for (let step = 1; step < count; step++) {
    const candidate = (slot + step) % count;
    if (!taken.has(candidate)) return candidate;
  }
  return undefined;
}

/** `nthAddress("10.128.0.16/28", 2)` is `10.128.0.18`. */
export function nthAddress(subnet: string, position: number): string {
  const { base, prefix } = rangeOf(subnet);
  const last = 2 ** (32 - prefix) - 2;
  if (!Number.isInteger(position) || position < 1 || position > last) {
    throw new Error(`${subnet} has addresses 1 to ${last}; there is no ${position}`);
  }
  return printedAddress4(base + position);
}

/** Whether an address lies in a subnet; false for what is not an address. */
export function isInSubnet(address: string, subnet: string): boolean {
  const base = address4(address);
  return base !== undefined && contains(rangeOf(subnet), { base, prefix: 32 });
}

function rangeOf(text: string): Range4 {
  const range = range4(text);
  // Pools and subnets come from loadFleet or from here; anything else is a mistake of the caller.
  if (range === undefined) throw new Error(`${text} is not a range of IPv4 addresses`);
  return range;
}
