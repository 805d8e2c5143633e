import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caddyContainer } from "../../backends/docker/names.ts";
import { status } from "../../cli/status/status.ts";
import { promtool } from "../alerts/promtool.ts";
import { ran } from "../cli/ran.ts";
import { drift, found, status as statusOf } from "../harness/fleetCommand.ts";
import { fleetFile, TestFleet } from "../harness/testFleet.ts";
import { clean, Hand } from "./drift/hand.ts";
import { hostCases } from "./drift/host.cases.ts";
import { promiseCases } from "./drift/promise.cases.ts";
import { fullDiskCases, readOnlyCases } from "./drift/room.cases.ts";
import { tenantCases } from "./drift/tenant.cases.ts";

/** Whatever a person can do to a host by hand: seen, told, and mended by the next `up --refresh`. */

const tenants = { acme: {}, bigcorp: {} };

let fleet: TestFleet;
let hand: Hand;

beforeAll(async () => {
  fleet = await TestFleet.prepare(fleetFile(tenants));
  hand = new Hand(fleet);
  await fleet.up();
});
afterAll(() => fleet?.destroy());

test("where nothing was touched, nothing is found", async () => {
  expect(await drift(fleet)).toEqual({
    exitCode: 0,
    out: "Stack test: as the last `pulumi up` has left it",
  });
});

test("and every tenant is well, as it answers now", async () => {
  const { exitCode, document } = await statusOf(fleet);
  expect(document.tenants).toMatchObject(
    Object.keys(tenants).map((tenant) => ({
      tenant,
      verdict: "well",
      services: {
        postgres: "healthy",
        kratos: "healthy",
        hydra: "healthy",
        hera: "healthy",
        athena: "healthy",
      },
      isWritten: true,
      certificateDays: 0,
      complaints: [],
    })),
  );
  expect(document.tenants.map(({ running, release }) => running.join() === release)).toEqual([true, true]);
  // A Postgres with the tables of Kratos and Hydra takes some 60 MiB.
  expect(document.tenants.map(({ usedMiB = 0 }) => usedMiB > 30 && usedMiB < 300)).toEqual([true, true]);
  expect(exitCode).toBe(0);
});

test("the same as metrics, which Prometheus takes, and as a page, in one run", async () => {
  const html = join(fleet.folder, "status.html");
  const { code, out } = await ran(status, fleet.folder, ["--stack", "test", "--prometheus", "--html", html]);
  expect(code).toBe(0);
  expect(await promtool(["check", "metrics"], out)).toEqual({ exitCode: 0, output: "" });
  expect(out.match(/^olympus_fleet_tenant_up\{.*\} 1$/gm)).toHaveLength(2);
  expect(out.match(/^olympus_fleet_page_up\{.*\} 1$/gm)).toHaveLength(4);
  expect(out.match(/^olympus_fleet_certificate_(start|end)_timestamp_seconds\{.*\} \d{10}$/gm)).toHaveLength(
    4,
  );
  const page = await readFile(html, "utf8");
  expect(page).toContain('<p class="verdict well">All is well</p>');
  expect(page).toContain("<p>2 tenants: 2 well. 1 host: 1 well.</p>");
});

describe("a tenant's containers and its site file:", () => tenantCases(() => hand));
describe("what belongs to the host:", () => hostCases(() => hand));
describe("what a tenant writes to:", () => readOnlyCases(() => hand));
describe("put right, as promised:", () => promiseCases(() => hand));

test("an edit that waits for its up is no drift, and is told beside it", async () => {
  await fleet.writeTenants(fleetFile({ ...tenants, acme: { admin: { allow: ["127.0.0.2/32"] } } }));
  const { exitCode, words, document } = await found(fleet);
  expect({ exitCode, words }).toEqual(clean);
  expect(document.pending).toEqual([
    { owner: { kind: "tenant", name: "acme" }, name: "acme-vhost", what: "changed", properties: ["stdin"] },
  ]);
  await hand.inCaddy("echo '# by hand' >> /etc/caddy/sites/bigcorp.caddy");
  expect((await drift(fleet)).out).toBe(
    [
      "Stack test: no longer as the last `pulumi up` has left it",
      "",
      "bigcorp",
      "  Caddy's sites/bigcorp.caddy was edited by hand",
      "",
      "Not deployed yet (the files say so, and no `pulumi up` has done it)",
      "  acme: acme-vhost (stdin)",
      "",
      "To put it right: pulumi up --refresh --stack test",
    ].join("\n"),
  );
  expect(await hand.mend()).toMatchObject({ updated: ["acme-vhost", "bigcorp-vhost"] });
});

test("a tenant's data that is gone is told as what it is, and not as what an up mends", async () => {
  await fleet.docker("rm", "--force", "acme-postgres");
  await fleet.docker("volume", "rm", "acme-postgres");
  const { out } = await drift(fleet);
  expect(out).toContain("volume acme-postgres was removed, and with it all data of acme\n");
  expect(out.replaceAll(/\s+/g, " ")).toContain(
    "`pulumi up` does not begin acme empty: it says how to restore it",
  );
});

describe("a tenant's own disk:", () => fullDiskCases(() => hand));

test("a fleet whose Caddy is gone can be removed all the same", async () => {
  await fleet.docker("rm", "--force", caddyContainer);
  const { exitCode, output } = await fleet.stack.destroy();
  expect(output).not.toContain("error:");
  expect(exitCode).toBe(0);
});
