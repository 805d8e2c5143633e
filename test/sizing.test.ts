import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { limitBudgetMiB, overloads } from "../fleet/capacity.ts";
import { limitedMiB, namedSize, reservedMiB, sizeNames } from "../fleet/sizes.ts";
import { host } from "./fixtures.ts";

/** docs/sizing.md and docs/decide.md state numbers that people buy machines by: they have to be the program's. */

const overcommit = 1.5;
const doc = (name: string) => readFileSync(join(import.meta.dirname, "../docs", name), "utf8");
const rows = [...doc("sizing.md").matchAll(/^\| (\d+) GiB \| (\d+) GiB \| (.*) \|$/gm)].map(
  ([, memory, reserve, cells = ""]) => ({
    memory: Number(memory),
    reserve: Number(reserve),
    cells: cells.split(" | "),
  }),
);

test("the table of hosts is there", () => {
  expect(rows.map(({ memory }) => memory)).toEqual([8, 16, 32, 64]);
});

test.each(rows)(
  "a host of $memory GiB takes as many tenants as the table says",
  ({ memory, reserve, cells }) => {
    const machine = { ...host, name: "h", memoryMiB: memory * 1024, reserveMiB: reserve * 1024 };
    const computed = sizeNames.map((name) => {
      const size = namedSize(name);
      const byReservation = Math.floor((machine.memoryMiB - machine.reserveMiB) / reservedMiB(size));
      const byLimit = Math.floor(limitBudgetMiB(machine, overcommit) / limitedMiB(size));
      return `${byReservation}, ${byLimit} → **${Math.min(byReservation, byLimit)}**`;
    });
    expect(cells).toEqual(computed);
  },
);

test("that many pass the check of the program, and one more does not", () => {
  for (const { memory, reserve, cells } of rows) {
    const machine = { ...host, name: "h", memoryMiB: memory * 1024, reserveMiB: reserve * 1024 };
    for (const [index, name] of sizeNames.entries()) {
      const fits = Number(/\*\*(\d+)\*\*/.exec(cells[index] ?? "")?.[1]);
      const placed = Array.from({ length: fits + 1 }, (_, number) => ({
        tenant: `t${number}`,
        host: "h",
        size: namedSize(name),
      }));
      expect(overloads([machine], placed.slice(1), overcommit)).toEqual([]);
      expect(overloads([machine], placed, overcommit)).not.toEqual([]);
    }
  }
});

test("the figures in the text are those of `small`", () => {
  const small = namedSize("small");
  const reserved = reservedMiB(small);
  const uis = small.hera.reservationMiB + small.athena.reservationMiB;
  expect(doc("decide.md")).toContain(`${reserved} MiB reserved and ${limitedMiB(small)} MiB allowed`);
  expect(doc("decide.md")).toContain(
    `Postgres is ${small.postgres.reservationMiB} of the ${reserved} MiB, the two UIs ${uis}.`,
  );
  expect(doc("sizing.md")).toContain(
    `(${small.hera.limitMiB + small.athena.limitMiB} of a small tenant's ${limitedMiB(small)} MiB)`,
  );
});
