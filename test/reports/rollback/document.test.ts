import { describe, expect, test } from "vitest";
import { told } from "../../../backends/docker/migrations/answers.ts";
import { objections, type TenantBack } from "../../../reports/rollback/document.ts";
import { removedBy, unknownTo, type Way, wrongWayDown } from "../../../reports/rollback/ways.ts";

const since = "2026-11-28T12:00:00.000Z";
const acme = (way: Way): TenantBack => ({
  tenant: "acme",
  has: "2026.12",
  since,
  services: [{ service: "hydra", way }],
});
const down = (rows: number): Way => ({
  kind: "down",
  migrations: ["2", "3"],
  losses: rows === 0 ? [] : [{ table: "hydra_client", column: "note", rows }],
});
const lost =
  "acme: hydra's database has had 2 migrations of 2026.12 that 2026.11 does not know. To take them back loses what was written since 2026-11-28 12:00 UTC to hydra_client.note (3 rows)";

describe("data that would be lost", () => {
  test("is named, with since when", () => {
    expect(objections([acme(down(3))], "2026.11", undefined)).toEqual([
      `${lost}. To accept that: --accept-loss-since ${since}`,
    ]);
  });

  test("is lost where it was accepted since then or before, not where since later", () => {
    expect(objections([acme(down(3))], "2026.11", new Date(since))).toEqual([]);
    expect(objections([acme(down(3))], "2026.11", new Date("2026-11-28T13:00:00Z"))).toEqual([
      `${lost}, which is more than --accept-loss-since accepts. Write --accept-loss-since ${since}`,
    ]);
  });

  test("is none where nothing was written", () => {
    expect(objections([acme(down(0)), acme({ kind: "image" })], "2026.11", undefined)).toEqual([]);
  });

  test("without a way down there is the dump, whatever was accepted", () => {
    const dump: Way = { kind: "dump", migrations: ["2"], why: "it has no migrate sql down" };
    expect(objections([acme(dump)], "2026.11", new Date(since))).toEqual([
      "acme: hydra's database has had 1 migration of 2026.12 that 2026.11 does not know, and 2026.12 leads no way back: it has no migrate sql down. Restore the dump from before the upgrade: docs/runbooks/upgrade-failed.md.",
    ]);
  });
});

describe("the way down", () => {
  const column = (kind: string, name: string, type = "text") =>
    `${kind}=hydra\thydra_client\t${name}\t${type}\tYES\t`;
  const of = (...lines: readonly string[]) => told(["answered=1", ...lines, "end=1"].join("\n")).of("hydra");
  const asked = of(
    ...["1", "2", "3"].map((version) => `applied=hydra\t${version}`),
    "knows=hydra\t1",
    column("older", "id"),
  );
  const rehearsal = [
    ...["1", "2", "3"].map((version) => `newer=hydra\t${version}`),
    column("before", "id"),
    column("before", "note"),
    column("real", "id"),
    column("real", "note"),
  ];
  const good = [...rehearsal, "down=hydra", "after=hydra\t1", column("after-column", "id")];

  test("leads back where it leaves what the older release makes, and what it removes is counted", () => {
    expect(unknownTo(asked)).toEqual(["2", "3"]);
    expect(wrongWayDown(asked, of(...good))).toBeUndefined();
    expect(removedBy(of(...good))?.columns.map((one) => one.column)).toEqual(["note"]);
  });

  test("takes rows back that the program had made: what people have set up of them goes, too", () => {
    const row = (kind: string, values: object) => `${kind}=hydra\thydra_client\t${JSON.stringify(values)}`;
    const found = (...after: readonly object[]) =>
      removedBy(
        of(
          ...good,
          row("row-before", { id: "passkey", note: null }),
          row("row-before", { id: "password", note: "by hand" }),
          ...after.map((one) => row("row-after", one)),
        ),
      )?.rows;
    expect(found({ id: "password" })).toEqual([
      { table: "hydra_client", values: '{"id":"passkey","note":null}' },
    ]);
    // One that has lost a column with the others is there still.
    expect(found({ id: "password" }, { id: "passkey" })).toEqual([]);
  });

  test.each([
    ["nowhere", ["nodown=hydra\tunknown command"], "it has no migrate sql down"],
    [
      "short of it",
      ["down=hydra", "after=hydra\t1", "after=hydra\t2"],
      "its migrate sql down takes them not back",
    ],
    [
      "to other columns",
      ["down=hydra", "after=hydra\t1", column("after-column", "id", "integer")],
      "its migrate sql down leaves other tables than the older release makes: hydra_client.id",
    ],
    [
      "to more columns",
      ["down=hydra", "after=hydra\t1", column("after-column", "id"), column("after-column", "note")],
      "its migrate sql down leaves other tables than the older release makes: hydra_client.note",
    ],
  ])("is none where it leads %s", (_, lines, why) => {
    expect(wrongWayDown(asked, of(...rehearsal, ...lines))).toBe(why);
  });

  test("is none for a migration of somebody else's", () => {
    const more = of(
      ...["1", "2", "9"].map((version) => `applied=hydra\t${version}`),
      "knows=hydra\t1",
      column("older", "id"),
    );
    expect(wrongWayDown(more, of(...good))).toBe("it does not know 9 itself");
  });
});
