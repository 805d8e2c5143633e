import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadOf, overloads } from "../../fleet/capacity.ts";
import type { Host } from "../../fleet/model.ts";
import { freeMiB, onlyHost, type Placed } from "../../fleet/placement.ts";
import {
  leastMiB,
  limitedMiB,
  memory,
  namedSize,
  reservedMiB,
  resized,
  sizeNames,
} from "../../fleet/sizes.ts";
import { services } from "../../fleet/tenant/parts.ts";

const host = (name: string, memoryMiB: number, reserveMiB = 1024): Host => ({
  name,
  address: `unix:///run/${name}.sock`,
  engine: "docker",
  publicAddress: [],
  memoryMiB,
  reserveMiB,
  networkPool: "10.128.0.0/9",
  httpPort: 80,
  httpsPort: 443,
  healthIntervalSeconds: 20,
  inputRule: "require",
});

const hostNames = ["eu-1", "eu-2", "eu-3"];
const fleets = fc.record({
  hosts: fc.tuple(
    ...hostNames.map((name) =>
      fc.integer({ min: 2048, max: 32768 }).map((memoryMiB) => host(name, memoryMiB)),
    ),
  ),
  placed: fc
    .array(fc.record({ host: fc.constantFrom(...hostNames), size: fc.constantFrom(...sizeNames) }), {
      maxLength: 60,
    })
    .map((tenants) =>
      tenants.map(({ host, size }, index): Placed => ({ tenant: `t${index}`, host, size: namedSize(size) })),
    ),
  overcommit: fc.constantFrom(1, 1.5, 3),
});

describe("capacity", () => {
  test("is never exceeded without a report, and never reported without need", () => {
    fc.assert(
      fc.property(fleets, ({ hosts, placed, overcommit }) => {
        const reported = new Set(
          overloads(hosts, placed, overcommit).map(({ host, kind }) => `${host} ${kind}`),
        );
        for (const { name, memoryMiB, reserveMiB } of hosts) {
          const load = loadOf(name, placed);
          expect(reported.has(`${name} reservations`)).toBe(load.reservedMiB > memoryMiB - reserveMiB);
          expect(reported.has(`${name} limits`)).toBe(load.limitedMiB > Math.floor(memoryMiB * overcommit));
        }
      }),
    );
  });

  test("hosts that are said to have room do", () => {
    fc.assert(
      fc.property(fleets, ({ hosts, placed, overcommit }) => {
        for (const overload of overloads(hosts, placed, overcommit)) {
          for (const { host: name } of overload.room) {
            const moved = placed.map((one) =>
              one.tenant === overload.tenant ? { ...one, host: name } : one,
            );
            expect(overloads(hosts, moved, overcommit).filter(({ host }) => host === name)).toEqual([]);
          }
        }
      }),
    );
  });

  test("the tenant named is the first, in the order of the file, that does not fit", () => {
    const placed = ["a", "b", "c"].map(
      (tenant): Placed => ({ tenant, host: "eu-1", size: namedSize("small") }),
    );
    expect(overloads([host("eu-1", 1024 + 1100), host("eu-2", 8192)], placed, 10)).toEqual([
      {
        host: "eu-1",
        kind: "reservations",
        tenant: "c",
        neededMiB: 1509,
        availableMiB: 1100,
        room: [{ host: "eu-2", freeMiB: 7168 }],
      },
    ]);
  });

  test("a tenant whose services do not run leaves its host's memory to others, but for what holds its volume", () => {
    const placed = ["a", "b", "c"].map(
      (tenant): Placed => ({
        tenant,
        host: "eu-1",
        size: namedSize("small"),
        ...(tenant !== "b" && { state: tenant === "a" ? "suspended" : "retired" }),
      }),
    );
    expect(loadOf("eu-1", placed)).toEqual({ reservedMiB: 503 + 2 * 4, limitedMiB: 1024 + 2 * 16 });
    expect(freeMiB(host("eu-1", 4096), placed)).toBe(4096 - 1024 - 511);
    expect(overloads([host("eu-1", 1024 + 600)], placed, 10)).toEqual([]);
    const back = placed.map((one) => ({ ...one, state: "active" as const }));
    expect(overloads([host("eu-1", 1024 + 600)], back, 10)).toMatchObject([{ tenant: "b", neededMiB: 1509 }]);
  });

  test("free memory is what reservations leave", () => {
    const placed: Placed[] = [{ tenant: "a", host: "eu-1", size: namedSize("small") }];
    expect(freeMiB(host("eu-1", 4096), placed)).toBe(4096 - 1024 - 503);
    expect(freeMiB(host("eu-2", 4096), placed)).toBe(3072);
  });
});

describe("placement", () => {
  test.each([
    [["local"], [], "local"],
    [["eu-1", "eu-2"], [], undefined],
    // Both stacks would take a tenant that names no host.
    [["eu-1"], ["us-1"], undefined],
    [[], ["us-1"], undefined],
  ])("of hosts %j and elsewhere %j, the only one is %s", (hosts, elsewhere, only) => {
    expect(onlyHost(hosts, elsewhere)).toBe(only);
  });
});

describe("sizes", () => {
  test("reservations are the measurements: memory in use plus the engine's process", () => {
    const reservations = services.map((service) => namedSize("small")[service].reservationMiB);
    expect(reservations).toEqual([54, 52, 27, 190, 180]);
  });

  test("a larger size is larger in every service, and needs no more than it may have", () => {
    const sizes = sizeNames.map(namedSize);
    for (const [index, size] of sizes.entries()) {
      for (const service of services) {
        const { limitMiB, reservationMiB } = size[service];
        expect(reservationMiB).toBeLessThan(limitMiB);
        expect(limitMiB).toBeGreaterThanOrEqual(sizes[index - 1]?.[service].limitMiB ?? 0);
        expect(reservationMiB).toBeGreaterThanOrEqual(sizes[index - 1]?.[service].reservationMiB ?? 0);
      }
    }
  });

  test("any limit that is allowed holds its reservation", () => {
    fc.assert(
      fc.property(fc.constantFrom(...services), fc.nat(65536), (service, extra) => {
        const { limitMiB, reservationMiB } = memory(service, leastMiB(service) + extra);
        expect(reservationMiB).toBeLessThanOrEqual(limitMiB);
      }),
    );
  });

  test("another limit changes its own service alone", () => {
    const medium = namedSize("medium");
    const { kratos, ...others } = resized(medium, { kratos: 500 });
    expect(kratos.limitMiB).toBe(500);
    const { kratos: _, ...before } = medium;
    expect(others).toEqual(before);
  });

  test("sums", () => {
    expect([reservedMiB(namedSize("small")), limitedMiB(namedSize("small"))]).toEqual([503, 1024]);
  });
});
