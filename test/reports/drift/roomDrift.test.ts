import { expect, test } from "vitest";
import type { Database, Databases, Space } from "../../../backends/docker/databases.ts";
import { roomDrift } from "../../../reports/drift/roomDrift.ts";
import { shortage } from "../../../reports/room.ts";
import { state } from "./stackJson.ts";

const GiB = 1024;
const space = (freeMiB: number, totalMiB: number, inodes?: Space["inodes"]): Space => ({
  folder: "/var/lib/docker",
  totalMiB,
  freeMiB,
  inodes,
});
const acme: Database = { container: "acme-postgres", space: undefined, usedMiB: 48, complaint: undefined };
const drift = (change: Partial<Databases>) =>
  roomDrift(
    "eu-1",
    { isWhole: true, space: space(60 * GiB, 252 * GiB), databases: [acme], kept: [], ...change },
    state(),
  );

test.each([
  ["a small disk, a sixth free", space(3.2 * GiB, 20 * GiB), undefined],
  ["a small disk, a seventh free", space(2.8 * GiB, 20 * GiB), "2.8GiB of 20GiB free at /var/lib/docker"],
  ["a large disk with enough for weeks", space(40 * GiB, 4000 * GiB), undefined],
  ["a large disk with little", space(9 * GiB, 4000 * GiB), "9GiB of 4000GiB free at /var/lib/docker"],
  ["a full disk", space(0, 181), "0MiB of 181MiB free at /var/lib/docker"],
  [
    "no inodes",
    space(60 * GiB, 252 * GiB, { total: 51200, free: 12 }),
    "12 of 51200 inodes free at /var/lib/docker",
  ],
  ["inodes enough", space(60 * GiB, 252 * GiB, { total: 51200, free: 5000 }), undefined],
])("%s", (_, of, words) => {
  expect(shortage(of)).toBe(words);
});

test("nothing is said where there is room and everything can be written", () => {
  expect(drift({})).toEqual([]);
  expect(drift({ space: undefined, databases: [] })).toEqual([]);
});

test("a host's disk is told once, whoever has data there", () => {
  expect(drift({ space: space(1.5 * GiB, 20 * GiB) })).toEqual([
    {
      owner: { kind: "host", name: "eu-1" },
      kind: "disk",
      name: "/var/lib/docker",
      how: "changed",
      words: "the disk of images and volumes is nearly full: 1.5GiB of 20GiB free at /var/lib/docker",
      mend: "hand",
      remedy:
        "Databases grow, and on a full disk nobody can sign in at any tenant. What takes the room: docker system df, and as root " +
        "du -xh -d 2 /var/lib/docker | sort -h | tail",
    },
  ]);
});

test("a tenant's own disk, and a database that cannot be written for it", () => {
  const own = { ...space(0, 181), folder: "/var/lib/postgresql/18/docker" };
  const complaint = 'could not extend file "base/5/16396": No space left on device';
  const tenant = { owner: { kind: "tenant", name: "acme" }, how: "changed", mend: "hand" };
  expect(drift({ databases: [{ ...acme, space: own, complaint }] })).toEqual([
    {
      ...tenant,
      kind: "disk",
      name: "/var/lib/postgresql/18/docker",
      words: "the disk of acme-postgres is nearly full: 0MiB of 181MiB free at /var/lib/postgresql/18/docker",
      remedy:
        "On a full disk nobody can sign in at acme. What takes the room: docker exec acme-postgres sh -c " +
        "'du -xh -d 2 \"$PGDATA/..\"' | sort -h | tail",
    },
    {
      ...tenant,
      kind: "database",
      name: "acme-postgres",
      words: `acme-postgres cannot be written: ${complaint}`,
      remedy: "Nobody can sign in at acme until there is room; nothing has to be started again then",
    },
  ]);
});

test("a database that cannot be written for another reason", () => {
  const complaint = "cannot execute CREATE TABLE in a read-only transaction";
  expect(drift({ databases: [{ ...acme, complaint }] })).toMatchObject([
    {
      words: `acme-postgres cannot be written: ${complaint}`,
      remedy: "Nobody can sign in at acme. See why: docker logs --tail 20 acme-postgres",
    },
  ]);
});

test("what the stack has not made is nobody's to tell", () => {
  expect(drift({ databases: [{ ...acme, container: "other-postgres", complaint: "no" }] })).toEqual([]);
});
