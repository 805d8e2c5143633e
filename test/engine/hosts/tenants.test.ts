import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { containersOf, lives } from "../../harness/containers.ts";
import { ManyHostsFleet } from "../../harness/manyHosts.ts";
import { changes, fleetFile } from "../../harness/testFleet.ts";
import { driftCases } from "./tenants/drift.cases.ts";
import { rebootCases } from "./tenants/reboot.cases.ts";

const homes = { acme: "eu-1", bigcorp: "eu-2" } as const;
const callback = (path: string) => `https://portal.example/${path}`;
const portal = { redirectUris: [callback("one")] };
/** Resources of two tenants, two hosts, and the stack. */
const unchanged = /Resources:\s+\d+ unchanged\n/;

let fleet: ManyHostsFleet;

beforeAll(async () => {
  fleet = await ManyHostsFleet.prepare({
    tenants: fleetFile({ acme: { host: homes.acme, clients: { portal } }, bigcorp: { host: homes.bigcorp } }),
    hosts: [{ name: "eu-1" }, { name: "eu-2" }],
    // Tests wait for the health that they have disturbed.
    hostConfig: { healthInterval: 5 },
  });
  await fleet.up();
});
afterAll(() => fleet?.close());

test("each host carries its own tenant, Caddy and firewall, and nothing of the other's", async () => {
  const services = [
    "athena",
    "bootstrap",
    "hera",
    "hydra",
    "hydra-migrate",
    "kratos",
    "kratos-migrate",
    "postgres",
    "postgres-roles",
  ];
  for (const [tenant, host] of Object.entries(homes)) {
    expect([...(await containersOf(fleet.engine(host))).keys()].sort()).toEqual(
      [...services.map((service) => `${tenant}-${service}`), "olympus-caddy", "olympus-firewall"].sort(),
    );
  }
});

test("each tenant answers at the address of its host, and at no other", async () => {
  for (const [tenant, host] of Object.entries(homes)) {
    const elsewhere = host === "eu-1" ? "eu-2" : "eu-1";
    const page = `https://${tenant}-api.localhost/.well-known/jwks.json`;
    const visitor = await fleet.visitor(host);
    // Caddy makes its certificate after the site is published; until then it refuses the handshake.
    await expect
      .poll(() => visitor.call(page).then(({ status }) => status, String), { timeout: 20_000 })
      .toBe(200);
    await expect((await fleet.visitor(elsewhere)).call(page)).rejects.toThrow(/alert|certificate|closed/i);
  }
});

test("a second up changes nothing", async () => {
  expect((await fleet.up("--expect-no-changes")).output).toMatch(unchanged);
});

test("up --refresh finds that nothing has drifted", async () => {
  expect((await fleet.up("--refresh", "--expect-no-changes")).output).toMatch(unchanged);
});

test("an edit of a tenant touches nothing on the other host", async () => {
  const before = { there: await lives(fleet.engine("eu-2")), here: await lives(fleet.engine("eu-1")) };
  const clients = { portal, second: { redirectUris: [callback("two")] } };
  await fleet.writeTenants(
    fleetFile({
      acme: { host: homes.acme, clients, admin: { allow: ["10.0.0.0/8"] } },
      bigcorp: { host: homes.bigcorp },
    }),
  );
  expect(changes(await fleet.up())).toEqual({
    created: [],
    updated: ["acme-gate-bootstrap", "acme-vhost"],
    replaced: ["acme-bootstrap"],
    deleted: [],
  });
  expect(await lives(fleet.engine("eu-2"))).toEqual(before.there);
  const here = await lives(fleet.engine("eu-1"));
  expect(Object.keys(here).filter((name) => here[name] !== before.here[name])).toEqual(["acme-bootstrap"]);
});

describe("what somebody does by hand", () => driftCases(() => fleet));

describe("a host goes down and comes back:", () => rebootCases(() => fleet));
