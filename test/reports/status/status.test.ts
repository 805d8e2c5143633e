import { describe, expect, test } from "vitest";
import { plannedTenant } from "../../../backends/docker/fleetPlan.ts";
import type { ServiceAnswer } from "../../../backends/docker/services.ts";
import { services } from "../../../fleet/tenant/parts.ts";
import { statusDocument } from "../../../reports/status/document.ts";
import { prometheus } from "../../../reports/status/prometheus.ts";
import { type HostAnswers, hostStatus, tenantStatus } from "../../../reports/status/status.ts";
import type { Visit } from "../../../reports/status/visit.ts";
import { config, host, tenant } from "../../fixtures.ts";
import { type Change, lasting, releases, serviceAnswers, silence } from "./answers.ts";

const now = new Date("2026-11-28T12:00:00Z");
const acme = { tenant: tenant("acme"), plan: plannedTenant(tenant("acme"), host, config) };

const document = (parts: Partial<Parameters<typeof statusDocument>[0]>) =>
  statusDocument({ stack: "prod", at: now, rings: ["canary", "stable"], hosts: [], tenants: [], ...parts });

const trials = new Map();
const siteVisits = new Map();

/** All is well, but for what is laid over it. */
function answers(
  changes: Readonly<Record<string, Change>> = {},
  over: Partial<HostAnswers> = {},
): HostAnswers {
  return {
    host: "local",
    silence: undefined,
    services: {
      isAnswered: true,
      isWhole: true,
      services: new Map(serviceAnswers("acme", changes)),
      trials,
      visits: siteVisits,
    },
    databases: {
      isWhole: true,
      space: { folder: "/var/lib/docker", totalMiB: 102_400, freeMiB: 51_200, inodes: undefined },
      databases: [{ container: "acme-postgres", space: undefined, usedMiB: 48, complaint: undefined }],
      kept: [],
    },
    ...over,
  };
}
const silent = answers(
  {},
  {
    silence,
    services: { isAnswered: false, isWhole: false, services: new Map(), trials, visits: siteVisits },
    databases: { isWhole: true, space: undefined, databases: [], kept: [] },
  },
);

const page = (over: Partial<Visit> = {}): Visit => ({
  url: "https://acme.example.org/login",
  purpose: "sign-in page",
  status: 200,
  complaint: undefined,
  certificate: lasting("2026-10-12T12:00:00Z", "2027-01-10T12:00:00Z"),
  ...over,
});
const of = (given: HostAnswers, visits: readonly Visit[] = [page()]) =>
  tenantStatus(acme, releases, given, visits, now);

describe("a tenant", () => {
  test("is well when all of it has answered", () => {
    expect(of(answers())).toEqual({
      tenant: "acme",
      host: "local",
      ring: acme.tenant.ring,
      state: "active",
      verdict: "well",
      release: "2026.11",
      running: ["2026.11"],
      services: Object.fromEntries(services.map((service) => [service, "healthy"])),
      restarts: 0,
      serviceRestarts: { postgres: 0, kratos: 0, hydra: 0, hera: 0, athena: 0 },
      isWritten: true,
      usedMiB: 48,
      space: undefined,
      pages: [{ url: "https://acme.example.org/login", purpose: "sign-in page", isRight: true }],
      sites: [],
      certificate: { from: "2026-10-12T12:00:00.000Z", until: "2027-01-10T12:00:00.000Z" },
      certificateDays: 43,
      complaints: [],
    });
  });

  test.each<[string, Record<string, Change>, string[]]>([
    ["whose health command fails", { hydra: { isHealthy: false } }, ["hydra is not healthy"]],
    ["that has ended", { kratos: { state: "exited", isHealthy: undefined } }, ["kratos does not run"]],
    ["that is not there", { hera: "gone" }, ["hera is not there"]],
    [
      "of which none is there",
      Object.fromEntries(services.map((service) => [service, "gone"] as const)),
      ["nothing of it is on local: no `pulumi up` has made it yet, or somebody has removed it"],
    ],
  ])("is ill with a service %s", (_, changes, complaints) => {
    expect(of(answers(changes))).toMatchObject({ verdict: "ill", complaints });
  });

  test("is ill when its database cannot be written, however healthy", () => {
    const complaint = 'could not extend file "base/5/1": No space left on device';
    const full = [{ container: "acme-postgres", space: undefined, usedMiB: 48, complaint }];
    expect(of(answers({}, { databases: { ...answers().databases, databases: full } }))).toMatchObject({
      verdict: "ill",
      isWritten: false,
      complaints: [`its database cannot be written: ${complaint}. Nobody can sign in until there is room`],
    });
  });

  test.each<[Partial<Visit>, string]>([
    [{ status: 502 }, "no sign-in page: https://acme.example.org/login answers 502"],
    [
      { status: undefined, complaint: "ECONNREFUSED", certificate: undefined },
      "no sign-in page: https://acme.example.org/login gives no answer (ECONNREFUSED)",
    ],
  ])("is ill when visitors do not get its pages: %o", (over, complaint) => {
    expect(of(answers(), [page(over)])).toMatchObject({ verdict: "ill", complaints: [complaint] });
  });

  test.each([
    ["90 days, 14 left", "2026-09-13T13:00:00Z", "2026-12-12T13:00:00Z", []],
    ["90 days, 13 left", "2026-09-13T11:00:00Z", "2026-12-12T11:00:00Z", ["a certificate ends in 13 days"]],
    ["a year, 14 left", "2025-12-12T13:00:00Z", "2026-12-12T13:00:00Z", []],
    ["45 days, eight left", "2026-10-22T12:00:00Z", "2026-12-06T12:00:00Z", []],
    ["45 days, seven left", "2026-10-21T12:00:00Z", "2026-12-05T12:00:00Z", ["a certificate ends in 7 days"]],
    ["twelve hours, three left", "2026-11-28T03:00:00Z", "2026-11-28T15:00:00Z", []],
    [
      "twelve hours, one left",
      "2026-11-28T01:00:00Z",
      "2026-11-28T13:00:00Z",
      ["a certificate ends within a day"],
    ],
  ])("with a certificate of %s", (_, from, until, complaints) => {
    const { verdict, complaints: told } = of(answers(), [
      page(),
      page({ certificate: lasting(from, until) }),
    ]);
    expect(told).toEqual(complaints.map((words) => `${words}, and should have been renewed by now`));
    expect(verdict).toBe(complaints.length === 0 ? "well" : "ill");
  });

  test("is ill when a certificate has ended, and the first to end is what counts", () => {
    const ended = page({ certificate: lasting("2026-11-27T23:00:00Z", "2026-11-28T11:00:00Z") });
    expect(of(answers(), [page(), ended])).toMatchObject({
      verdict: "ill",
      certificate: { from: "2026-11-27T23:00:00.000Z", until: "2026-11-28T11:00:00.000Z" },
      certificateDays: -1,
      complaints: ["a certificate has ended"],
    });
  });

  test("is ill when its own disk is nearly full, before it is", () => {
    const space = {
      folder: "/var/lib/postgresql/18/docker",
      totalMiB: 2048,
      freeMiB: 200,
      inodes: undefined,
    };
    const own = [{ container: "acme-postgres", space, usedMiB: 1800, complaint: undefined }];
    expect(of(answers({}, { databases: { ...answers().databases, databases: own } }))).toMatchObject({
      verdict: "ill",
      usedMiB: 1800,
      space,
      complaints: ["its disk is nearly full: 200MiB of 2GiB free at /var/lib/postgresql/18/docker"],
    });
  });

  test("is unknown, not well, where its host is silent or a service hangs", () => {
    expect(of(silent, [page({ certificate: undefined })])).toMatchObject({
      verdict: "unknown",
      running: [],
      isWritten: undefined,
      complaints: [],
    });
    const hanging = answers({ hera: "gone" });
    const cutOff = { ...hanging, services: { ...hanging.services, isWhole: false } };
    expect(of(cutOff)).toMatchObject({ verdict: "unknown", complaints: [] });
    // Every service is healthy, and nobody knows whether the database can be written.
    expect(of(answers({}, { databases: { ...answers().databases, databases: [] } }))).toMatchObject({
      verdict: "unknown",
      isWritten: undefined,
      complaints: [],
    });
    // What visitors meet is known all the same.
    expect(of(silent, [page({ status: undefined, complaint: "ETIMEDOUT" })]).verdict).toBe("ill");
  });
});

describe.each([
  ["suspended", 503],
  ["retired", 410],
] as const)("a %s tenant", (state, status) => {
  const entry = tenant("acme", { state });
  const closed = { tenant: entry, plan: plannedTenant(entry, host, config) };
  const keeper: ServiceAnswer = {
    container: "acme-keeper",
    state: "running",
    restarts: 0,
    startedAt: undefined,
    image: undefined,
    isHealthy: true,
  };
  const of = (services: ReadonlyMap<string, ServiceAnswer>, visits = [page({ status })]) => {
    const kept = [{ container: "acme-keeper", usedMiB: 50 }];
    const databases = { ...answers().databases, databases: [], kept };
    const given = answers(
      {},
      { services: { isAnswered: true, isWhole: true, services, trials, visits: siteVisits }, databases },
    );
    return tenantStatus(closed, releases, given, visits, now);
  };
  const held = new Map([[keeper.container, keeper]]);

  test("is well when nothing of it runs, its volume is held and its names say so", () => {
    expect(of(held)).toEqual({
      tenant: "acme",
      host: "local",
      ring: entry.ring,
      state,
      verdict: "well",
      release: "2026.11",
      running: [],
      services: Object.fromEntries(services.map((service) => [service, "off"])),
      restarts: undefined,
      serviceRestarts: {},
      isWritten: undefined,
      usedMiB: 50,
      space: undefined,
      pages: [{ url: "https://acme.example.org/login", purpose: "sign-in page", isRight: true }],
      sites: [],
      certificate: { from: "2026-10-12T12:00:00.000Z", until: "2027-01-10T12:00:00.000Z" },
      certificateDays: 43,
      complaints: [],
    });
  });

  test.each([
    ["is not there", new Map<string, ServiceAnswer>()],
    ["does not run", new Map([[keeper.container, { ...keeper, state: "exited", isHealthy: undefined }]])],
  ])("is ill when its keeper %s", (words, there) => {
    expect(of(there)).toMatchObject({
      verdict: "ill",
      complaints: [`acme-keeper ${words}: a prune of the engine can take all data of acme`],
    });
  });

  test("is ill before its `up`: it still runs, and its names are open", () => {
    expect(of(answers().services.services, [page()]).complaints).toEqual([
      `postgres, kratos, hydra, hera, athena of it still run, and the files say ${state}: no \`pulumi up\` has closed it yet`,
      `the sign-in page is not closed: https://acme.example.org/login answers 200 in place of ${status}`,
    ]);
  });

  test("as metrics: up, for it is as it should be, not active, and of no service", () => {
    const text = prometheus(document({ tenants: [of(held)] }));
    const labels = `{stack="prod",tenant="acme",host="local",ring="${entry.ring}"}`;
    expect(text).toContain(`olympus_fleet_tenant_up${labels} 1\n`);
    expect(text).toContain(`olympus_fleet_tenant_active${labels} 0\n`);
    expect(text).not.toContain("olympus_fleet_service_up{");
  });
});

describe("a host", () => {
  test("is well, short of room, or unknown", () => {
    expect(hostStatus(answers())).toMatchObject({ verdict: "well", complaints: [] });
    const space = { folder: "/var/lib/docker", totalMiB: 102_400, freeMiB: 5_120, inodes: undefined };
    expect(
      hostStatus(answers({}, { databases: { isWhole: true, space, databases: [], kept: [] } })),
    ).toMatchObject({
      verdict: "ill",
      complaints: ["the disk of images and volumes is nearly full: 5GiB of 100GiB free at /var/lib/docker"],
    });
    const hanging = ["not all of its services and databases have answered in time, and one may hang"];
    const cutOff = (found = answers().databases.space) =>
      hostStatus(answers({}, { databases: { isWhole: false, space: found, databases: [], kept: [] } }));
    expect(cutOff()).toMatchObject({ verdict: "unknown", complaints: hanging });
    expect(cutOff(space)).toMatchObject({ verdict: "ill", complaints: [expect.any(String), ...hanging] });
    expect(hostStatus(silent)).toEqual({
      host: "local",
      verdict: "unknown",
      space: undefined,
      complaints: [`nobody could ask it: ${silence}`],
    });
  });
});

describe("the whole", () => {
  test("is ill before it is unknown", () => {
    const [well, ill, unknown] = [of(answers()), of(answers({ hera: "gone" })), hostStatus(silent)];
    expect(document({ hosts: [], tenants: [well] }).verdict).toBe("well");
    expect(document({ hosts: [unknown], tenants: [well] }).verdict).toBe("unknown");
    expect(document({ hosts: [unknown], tenants: [well, ill] }).verdict).toBe("ill");
  });

  test("as metrics: what nobody knows has no sample", () => {
    const bigcorp = { ...of(silent, []), tenant: "bigcorp" };
    const text = prometheus(document({ hosts: [hostStatus(answers())], tenants: [of(answers()), bigcorp] }));
    expect(text.split("\n").filter((line) => line.startsWith("olympus_fleet_tenant_up"))).toEqual([
      `olympus_fleet_tenant_up{stack="prod",tenant="acme",host="local",ring="${acme.tenant.ring}"} 1`,
    ]);
    expect(text).toContain(
      `# HELP olympus_fleet_host_disk_free_bytes Room where the host's images and volumes lie.
# TYPE olympus_fleet_host_disk_free_bytes gauge
olympus_fleet_host_disk_free_bytes{stack="prod",host="local"} 53687091200
`,
    );
    expect(text).toContain(`olympus_fleet_status_timestamp_seconds{stack="prod"} ${now.getTime() / 1000}\n`);
    for (const line of text.trimEnd().split("\n")) {
      expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+\{([a-z]+="[^"\n]*",?)+\} -?\d+)$/);
    }
  });
});
