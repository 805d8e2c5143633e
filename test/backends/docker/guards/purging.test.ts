import { describe, expect, test } from "vitest";
import { purging } from "../../../../backends/docker/guards/purging.ts";
import { Known, type KnownResource } from "../../../../backends/docker/known.ts";
import { editLines } from "../../../../program/refusal.ts";
import { closed, placed, quiet, recorded, said, without } from "./recorded.ts";

/** What a run does about entries that say `purge`, held against what the stack's state has. */

const now = new Date("2026-11-28T23:59:00Z");
const tenants = (purge = "bigcorp 2026-11-28") =>
  `  acme: { host: local }\n  bigcorp: { host: local, state: retired, purge: ${purge} }\n`;

function found(state: readonly KnownResource[] | undefined, edit: { purge?: string; config?: object } = {}) {
  const written = placed({ tenants: tenants(edit.purge), config: { ...edit.config } });
  const { unprotected, deleted, refused } = purging(written.fleet, state && new Known(state), now);
  return {
    unprotected: unprotected.map(({ name, state: of }) => `${name} ${of}`),
    deleted,
    refused: editLines(refused, written.lineOf),
  };
}
const nothing = { unprotected: [], deleted: [], refused: [] };
/** After the first run. */
const unprotected = (value: boolean) => [
  ...closed("bigcorp").filter(({ name, type }) => !(name === "bigcorp" && type.startsWith("olympus:"))),
  { name: "bigcorp", type: "olympus:fleet:TenantStack", outputs: { unprotected: value } },
];

test("it is no tenant of the fleet any more, and no entry that is missed", () => {
  expect(placed({ tenants: tenants() }).fleet.tenants.map(({ name }) => name)).toEqual(["acme"]);
  expect(said({ tenants: tenants() })).toEqual(quiet);
});

describe("where data is protected", () => {
  test("the first run lifts that, and the second deletes", () => {
    expect(found(closed("bigcorp"))).toEqual({ ...nothing, unprotected: ["bigcorp retired"] });
    expect(found(unprotected(true))).toEqual({ ...nothing, deleted: ["bigcorp"] });
  });

  test("a first run that was cut short is done again", () => {
    expect(found(unprotected(false))).toEqual({ ...nothing, unprotected: ["bigcorp retired"] });
  });

  test("a second run that was cut short goes on, whatever is left", () => {
    const left = unprotected(true).filter(({ name }) => /^bigcorp(-root-key|-postgres)?$/.test(name));
    expect(found(left)).toEqual({ ...nothing, deleted: ["bigcorp"] });
  });
});

test("where it is not, one run deletes", () => {
  expect(found(closed("bigcorp"), { config: { protectData: false } })).toEqual({
    ...nothing,
    deleted: ["bigcorp"],
  });
});

test.each(["2026-11-27", "2026-11-29"])(
  "on another day than %s it is refused, and nothing is touched",
  (day) => {
    expect(found(closed("bigcorp"), { purge: `bigcorp ${day}` })).toEqual({
      ...nothing,
      refused: [
        `tenants.yaml:4:43  tenants.bigcorp.purge: is for ${day}, today is 2026-11-28 (UTC), and the data of bigcorp is still there. Write the day on which it is to be deleted, purge: "bigcorp 2026-11-28", or remove the line to keep it.`,
      ],
    });
  },
);

test("one that runs is refused: whoever retires and purges in one edit has not seen it closed", () => {
  expect(found(recorded)).toEqual({
    ...nothing,
    refused: [
      "tenants.yaml:4:43  tenants.bigcorp.purge: bigcorp runs, and only what was retired before can be purged. Remove this line, pulumi up, and write it again after that.",
    ],
  });
});

test("of which nothing is left: quiet on every day, as in a stack that has made nothing yet", () => {
  const gone = without(/^bigcorp/);
  expect(found(gone, { purge: "bigcorp 2020-01-01" })).toEqual(nothing);
  expect(found([])).toEqual(nothing);
  expect(found(undefined)).toEqual(nothing);
});
