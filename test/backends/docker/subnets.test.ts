import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  assignSlots,
  isInSubnet,
  networksAt,
  nthAddress,
  type SlotRequest,
  slotCount,
  slotOf,
  slotOfNetwork,
} from "../../../backends/docker/subnets.ts";
import { contains, range4 } from "../../../fleet/address.ts";

const usualPool = "10.128.0.0/9";
// 128 places: small enough that names meet often.
const smallPool = "10.9.0.0/20";

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
const fleet = (pool: string) =>
  fc
    .uniqueArray(fc.record({ tenant: name, written: fc.option(fc.nat(slotCount(pool) - 1)) }), {
      maxLength: 60,
      selector: ({ tenant }) => tenant,
    })
    .map((requests): SlotRequest[] =>
      requests.map(({ tenant, written }) => ({ tenant, written: written ?? undefined })),
    );

describe("slots", () => {
  test("a newcomer never moves a neighbour", () => {
    fc.assert(
      fc.property(fleet(smallPool), name, fc.nat(60), (tenants, newcomer, place) => {
        fc.pre(tenants.every(({ tenant }) => tenant !== newcomer));
        const before = assignSlots(smallPool, tenants).slots;
        const after = assignSlots(smallPool, tenants.toSpliced(place, 0, { tenant: newcomer })).slots;
        for (const [tenant, slot] of before) expect(after.get(tenant)).toBe(slot);
      }),
    );
  });

  test("one that leaves moves nobody either", () => {
    fc.assert(
      fc.property(fleet(smallPool), fc.nat(60), (tenants, place) => {
        const before = assignSlots(smallPool, tenants).slots;
        for (const [tenant, slot] of assignSlots(smallPool, tenants.toSpliced(place, 1)).slots) {
          expect(slot).toBe(before.get(tenant));
        }
      }),
    );
  });

  test("two tenants in one place are always reported, and nobody else is", () => {
    fc.assert(
      fc.property(fleet(smallPool), (tenants) => {
        const { slots, collisions } = assignSlots(smallPool, tenants);
        const distinct = new Set(slots.values()).size;
        expect(collisions).toHaveLength(slots.size - distinct);
        for (const { holder, newcomer, slot } of collisions) {
          expect(slots.get(holder)).toBe(slot);
          expect(slots.get(newcomer)).toBe(slot);
        }
      }),
    );
  });

  test("writing the free places that were proposed ends all collisions", () => {
    fc.assert(
      fc.property(fleet(smallPool), (tenants) => {
        const proposed = new Map(
          assignSlots(smallPool, tenants).collisions.map(({ newcomer, free }) => [newcomer, free]),
        );
        const settled = tenants.map(({ tenant, written }) => ({
          tenant,
          written: proposed.get(tenant) ?? written,
        }));
        expect(assignSlots(smallPool, settled).collisions).toEqual([]);
      }),
    );
  });

  test("a written network is kept by the tenant that wrote it, wherever it stands in the file", () => {
    const taken = slotOf("acme", smallPool);
    const { collisions } = assignSlots(smallPool, [{ tenant: "acme" }, { tenant: "bob", written: taken }]);
    expect(collisions).toEqual([{ holder: "bob", newcomer: "acme", slot: taken, free: (taken + 1) % 128 }]);
  });

  test("a full pool has no free place to propose", () => {
    const pool = "10.9.0.0/26";
    const requests = ["a", "b", "c"].map((tenant, slot) => ({ tenant, written: slot % 2 }));
    expect(assignSlots(pool, requests).collisions).toEqual([
      { holder: "a", newcomer: "c", slot: 0, free: undefined },
    ]);
  });

  test("60 tenants meet in less than one fleet of a hundred", () => {
    const fleets = Array.from({ length: 400 }, (_, number) =>
      Array.from({ length: 60 }, (_, index) => ({ tenant: `tenant-${number}-${index}` })),
    );
    const collided = fleets.filter((tenants) => assignSlots(usualPool, tenants).collisions.length > 0);
    expect(slotCount(usualPool)).toBe(2 ** 18);
    // 60 * 59 / 2 / 2^18 = 0.7 %
    expect(collided.length).toBeLessThan(8);
  });

  test("acme's place is what it was when the first hosts were made", () => {
    // Anyone who changes the hash moves every tenant's network.
    expect(networksAt(slotOf("acme", usualPool), usualPool)).toEqual({
      index: 193364,
      internal: "10.175.53.64/28",
      egress: "10.239.53.64/28",
    });
  });
});

describe("networks", () => {
  const pools = fc
    .record({ prefix: fc.integer({ min: 8, max: 24 }), seed: fc.nat(2 ** 24 - 1) })
    .map(({ prefix, seed }) => {
      const size = 2 ** (32 - prefix);
      const base = 10 * 2 ** 24 + Math.floor(seed / size) * size;
      return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join(".")}/${prefix}`;
    });

  test("lie in the pool, internal ones in its lower half, and never overlap", () => {
    fc.assert(
      fc.property(pools, fc.nat(), fc.nat(), (pool, one, other) => {
        const slots = [one % slotCount(pool), other % slotCount(pool)] as const;
        fc.pre(slots[0] !== slots[1]);
        const ranges = slots.flatMap((slot) => {
          const { internal, egress } = networksAt(slot, pool);
          return [range4(internal), range4(egress)].flatMap((range) => range ?? []);
        });
        expect(ranges).toHaveLength(4);
        const all = range4(pool);
        expect(ranges.every((range) => all !== undefined && contains(all, range))).toBe(true);
        for (const a of ranges) for (const b of ranges) if (a !== b) expect(contains(a, b)).toBe(false);
      }),
    );
  });

  test("a written network leads back to its place", () => {
    fc.assert(
      fc.property(pools, fc.nat(), (pool, number) => {
        const slot = number % slotCount(pool);
        const { internal, egress } = networksAt(slot, pool);
        expect(slotOfNetwork(internal, pool)).toBe(slot);
        expect(slotOfNetwork(egress, pool)).toBeUndefined();
      }),
    );
  });

  test.each(["10.128.0.0/27", "10.128.0.8/28", "11.0.0.0/28", "10.127.255.240/28", "nonsense"])(
    "%s is no internal network of the usual pool",
    (network) => {
      expect(slotOfNetwork(network, usualPool)).toBeUndefined();
    },
  );
});

describe("nthAddress", () => {
  test.each([
    ["10.128.0.16/28", 1, "10.128.0.17"],
    ["10.128.0.240/28", 14, "10.128.0.254"],
    ["10.128.255.240/28", 2, "10.128.255.242"],
    ["192.168.4.0/24", 200, "192.168.4.200"],
  ])("of %s, number %i is %s", (subnet, position, address) => {
    expect(nthAddress(subnet, position)).toBe(address);
    expect(isInSubnet(address, subnet)).toBe(true);
  });

  test.each([0, 15, -1, 1.5])("refuses number %d of a /28: it is no container's", (position) => {
    expect(() => nthAddress("10.128.0.16/28", position)).toThrow(
      `10.128.0.16/28 has addresses 1 to 14; there is no ${position}`,
    );
  });
});
