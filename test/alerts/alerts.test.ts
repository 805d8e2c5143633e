import { expect, test } from "vitest";
import { shortage } from "../../reports/room.ts";
import { prometheus } from "../../reports/status/prometheus.ts";
import { documentOf, lasting, type TenantChange } from "../reports/status/answers.ts";
import { type Moment, played, promtool, rulesFile, worded } from "./promtool.ts";
import type { Recording } from "./recording.ts";

/** docs/alerts.yml in Prometheus's own rule engine, over what `fleet status` prints of fleets that fall ill. */

const time = (minute: number) => new Date(minute * 60_000);
const tenants = { acme: {}, bigcorp: {} };
type Over = Parameters<typeof documentOf>[2];

/** Two tenants on a host, to which from minute 30 to minute 90 something happens. */
const recording = (
  happens: (minute: number) => { readonly acme?: TenantChange; readonly host?: NonNullable<Over>[string] },
  minutes = 150,
): Recording => ({
  minutes,
  at: (minute) => {
    const { acme = {}, host } = minute >= 30 && minute < 90 ? happens(minute) : {};
    return documentOf(
      time(minute),
      { "eu-1": { ...tenants, acme } },
      host === undefined ? {} : { "eu-1": host },
    );
  },
});
const quiet = (minute: number): Moment => ({ minute, firing: [] });

test("Prometheus takes the rules", async () => {
  expect(await promtool(["check", "rules", rulesFile])).toMatchObject({ exitCode: 0 });
});

test("Prometheus takes the metrics, and finds nothing to say about names, units, types and help", async () => {
  const full = documentOf(time(0), {
    "eu-1": {
      acme: { services: { hydra: { isHealthy: false, restarts: 3 } } },
      bigcorp: {
        database: { space: { folder: "/d", totalMiB: 10, freeMiB: 1, inodes: { total: 9, free: 1 } } },
      },
      busy: { visits: { login: { answered: 120, failed: 37, oldestSeconds: 60 } } },
      sleepy: { entry: { state: "retired" } },
    },
  });
  expect(await promtool(["check", "metrics"], prometheus(full))).toEqual({ exitCode: 0, output: "" });
  // It does see what is wrong.
  const broken = prometheus(full).replace('stack="prod"', 'stack="pr"od"');
  expect((await promtool(["check", "metrics"], broken)).exitCode).not.toBe(0);
});

test("whatever a label holds, Prometheus reads as it was", async () => {
  const stack = 'a "b" \\c\nd, e="f"} 1';
  const odd = (minute: number) => documentOf(time(minute), { "eu-1": tenants }, { "eu-1": "silent" }, stack);
  expect(await promtool(["check", "metrics"], prometheus(odd(0)))).toEqual({ exitCode: 0, output: "" });
  expect(
    await worded({ minutes: 40, at: odd }, 30, "FleetHostUnknown", {
      labels: { severity: "critical", instance: "ops-1:9100", job: "node", host: "eu-1", stack },
      annotations: {
        summary: "Host eu-1 does not answer, or something on it hangs",
        description: `For 15 minutes. How its 2 tenants are, nobody knows. npm run fleet -- doctor eu-1 --stack ${stack}`,
        runbook: "docs/alerts.md#fleethostunknown",
      },
    }),
  ).toBe("");
});

const down = [quiet(39), { minute: 41, firing: ["FleetTenantDown acme"] }, quiet(91)];

test.each<[string, TenantChange, readonly Moment[]]>([
  ["a service that is not healthy", { services: { hydra: { isHealthy: false } } }, down],
  ["a service that is gone", { services: { hera: "gone" } }, down],
  ["a sign-in page that is none", { visit: { status: 502 } }, down],
  ["a database that cannot be written", { database: { complaint: "No space left on device" } }, down],
  [
    "what is ill, though all of it answers",
    { visit: { certificate: lasting("1969-12-31T22:00:00Z", "1970-01-01T00:20:00Z") } },
    [quiet(59), { minute: 61, firing: ["FleetTenantIll acme", "FleetCertificateEnds acme"] }, quiet(91)],
  ],
  [
    "a database that nobody could ask",
    { database: "gone" },
    [quiet(44), { minute: 46, firing: ["FleetTenantUnknown acme"] }, quiet(91)],
  ],
])("a tenant: %s", async (_, acme, moments) => {
  expect(
    await played(
      recording(() => ({ acme })),
      moments,
    ),
  ).toBe("");
});

test("a tenant that was suspended in the file, and for which no up has run, can wait until the day", async () => {
  const acme: TenantChange = { entry: { state: "suspended" }, visit: { status: 200 } };
  expect(
    await played(
      recording(() => ({ acme })),
      [quiet(41), quiet(59), { minute: 61, firing: ["FleetTenantIll acme"] }, quiet(91)],
    ),
  ).toBe("");
});

test("a tenant that is suspended meanwhile is no fault", async () => {
  const acme: TenantChange = { entry: { state: "suspended" } };
  expect(
    await played(
      recording(() => ({ acme })),
      [quiet(46), quiet(89), quiet(100)],
    ),
  ).toBe("");
});

test("a host that does not answer is told once, and not once more for each of its tenants", async () => {
  expect(
    await played(
      recording(() => ({ host: "silent" })),
      [quiet(44), { minute: 46, firing: ["FleetHostUnknown host eu-1"] }, quiet(91)],
    ),
  ).toBe("");
});

test("services that the engine starts again and again, and once after an edit", async () => {
  const dies = (minute: number) => ({
    acme: { services: { kratos: { restarts: Math.floor((minute - 30) / 10) } } },
  });
  expect(
    await played(recording(dies), [quiet(49), { minute: 75, firing: ["FleetTenantRestarts acme"] }]),
  ).toBe("");
  expect(
    await played(
      recording(() => ({ acme: { services: { kratos: { restarts: 1 } } } })),
      [quiet(40), quiet(89), quiet(100)],
    ),
  ).toBe("");
});

test("one service that an edit replaces, where others were started again long ago", async () => {
  const old = { kratos: { restarts: 4 }, athena: { restarts: 2 } };
  const at = (minute: number) =>
    documentOf(time(minute), {
      "eu-1": {
        ...tenants,
        acme: { services: { ...old, hydra: { restarts: minute < 30 ? 3 : 0 } } },
        // Twice in an hour is not three times.
        bigcorp: { services: { hera: { restarts: minute < 30 ? 7 : minute < 60 ? 8 : 9 } } },
      },
    });
  expect(await played({ minutes: 100, at }, [quiet(31), quiet(60), quiet(66), quiet(85)])).toBe("");
});

const visits = (answered: number, failed: number): TenantChange => ({
  visits: {
    login: { answered, failed, oldestSeconds: 86_400 },
    api: { answered: 999, failed: 0, oldestSeconds: 1 },
  },
});
test.each<[string, TenantChange, boolean]>([
  ["a third of its visitors", visits(120, 37), true],
  ["all five of them", visits(5, 5), true],
  ["one in twenty", visits(120, 6), false],
  ["all four of them", visits(4, 4), false],
  ["nobody, who did not come", visits(0, 0), false],
])("a site that fails %s, while every service is healthy", async (_, acme, isTold) => {
  const firing = isTold ? ["FleetSiteErrors acme"] : [];
  expect(
    await played(
      recording(() => ({ acme })),
      [quiet(39), { minute: 41, firing }, quiet(91)],
    ),
  ).toBe("");
});

const day = 86_400_000;
test.each([
  ["90 days, of which 20 are left", 90, 20, false],
  ["90 days, of which 13 are left", 90, 13, true],
  ["a year, of which 20 days are left", 365, 20, false],
  ["45 days, of which eight are left", 45, 8, false],
  ["45 days, of which seven are left", 45, 7, true],
  ["twelve hours, of which three are left", 0.5, 0.125, false],
])("a certificate of %s", async (_, days, left, isLate) => {
  const until = new Date(45 * 60_000 + left * day);
  const certificate = { from: new Date(until.getTime() - days * day), until };
  const fresh = lasting("1969-12-01T00:00:00Z", "1970-03-01T00:00:00Z");
  const fleet = { "eu-1": { acme: { visit: { certificate } }, bigcorp: { visit: { certificate: fresh } } } };
  const firing = isLate ? ["FleetCertificateEnds acme", "FleetTenantIll acme"] : [];
  expect(
    await played({ minutes: 60, at: (minute) => documentOf(time(minute), fleet) }, [{ minute: 45, firing }]),
  ).toBe("");
});

const GiB = 1024;
const space = (freeMiB: number, totalMiB: number, inodes?: { total: number; free: number }) => ({
  folder: "/var/lib/docker",
  totalMiB,
  freeMiB,
  inodes,
});
test.each([
  space(3.2 * GiB, 20 * GiB),
  space(2.8 * GiB, 20 * GiB),
  space(40 * GiB, 4000 * GiB),
  space(9 * GiB, 4000 * GiB),
  space(0, 181),
  space(60 * GiB, 252 * GiB, { total: 51_200, free: 12 }),
  space(60 * GiB, 252 * GiB, { total: 51_200, free: 5_000 }),
])("room: the rule and the report say the same of %o", async (found) => {
  const isShort = shortage(found) !== undefined;
  const host = recording(() => ({ host: { space: found } }));
  expect(
    await played(host, [
      quiet(44),
      { minute: 46, firing: isShort ? ["FleetDiskNearlyFull host eu-1"] : [] },
      quiet(91),
    ]),
  ).toBe("");
  const own = recording(() => ({ acme: { database: { space: found } } }));
  const ill = isShort ? ["FleetDiskNearlyFull acme"] : [];
  expect(await played(own, [quiet(44), { minute: 46, firing: ill }, quiet(91)])).toBe("");
});

test("a disk that fills up wakes somebody before it is full", async () => {
  // A twentieth of a gigabyte a minute, of 20.
  const left = (minute: number) => Math.max(0, 4 * GiB - (minute - 30) * 51);
  const fills = (minute: number) => space(left(minute), 20 * GiB);
  const firing = (whose: string) => [`FleetDiskNearlyFull ${whose}`, `FleetDiskFillsUp ${whose}`];
  const host = recording((minute) => ({ host: { space: fills(minute) } }));
  expect(await played(host, [quiet(40), { minute: 86, firing: firing("host eu-1") }])).toBe("");
  const own = recording((minute) => ({ acme: { database: { space: fills(minute) } } }));
  expect(
    await played(own, [quiet(40), { minute: 86, firing: [...firing("acme"), "FleetTenantIll acme"] }]),
  ).toBe("");
});

test("a status that nobody writes any more", async () => {
  const stopped: Recording = {
    minutes: 60,
    at: (minute) => (minute <= 30 ? documentOf(time(minute), { "eu-1": tenants }) : undefined),
  };
  expect(await played(stopped, [quiet(45), { minute: 46, firing: ["FleetStatusStale"] }])).toBe("");
});

test("a status that is not there", async () => {
  const gone = { ...recording(() => ({}), 60), goneAt: 30 };
  expect(await played(gone, [quiet(44), { minute: 46, firing: ["FleetStatusMissing"] }])).toBe("");
});

test("a fleet that is well is quiet, always", async () => {
  expect(
    await played(
      recording(() => ({})),
      [0, 30, 60, 90, 120, 149].map(quiet),
    ),
  ).toBe("");
});
