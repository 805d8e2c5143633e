import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { caddyContainer } from "../../fleet/names.ts";
import { internalUrls } from "../../fleet/workloads/context.ts";
import { containersOf, labelled, lives, siteFiles } from "../harness/containers.ts";
import { callInside } from "../harness/inside.ts";
import { SteadyVisitor } from "../harness/steadyVisitor.ts";
import { changes, fleetFile, httpsPort, TestFleet } from "../harness/testFleet.ts";
import { rootCertificate, Visitor } from "../harness/visitor.ts";

const callback = (path: string) => `https://portal.example/${path}`;
const acme = { clients: { portal: { redirectUris: [callback("one")] } } };
/** Public keys of a tenant: through Caddy and Hydra to the database. */
const keysPage = (tenant: string) => `https://${tenant}-api.localhost:${httpsPort}/.well-known/jwks.json`;

/** Everything that one tenant is, by logical name, but for the component, which Pulumi does not always print. */
const everythingOf = (tenant: string) =>
  [
    ...["internal", "egress", "root-key", "database-password", "vhost"],
    ...["postgres", "kratos-migrate", "hydra-migrate", "kratos", "hydra", "bootstrap", "hera", "athena"],
    ...["gate-migrate", "gate-bootstrap", "gate-ready"],
  ]
    .map((part) => `${tenant}-${part}`)
    .sort();

const nothing = { created: [], updated: [], replaced: [], deleted: [] };

let fleet: TestFleet;

beforeAll(async () => {
  fleet = await TestFleet.prepare(fleetFile({ acme, bigcorp: {} }));
});
afterAll(() => fleet?.destroy());

test("the first up brings both tenants to health", async () => {
  const { created } = changes(await fleet.up());
  expect(created).toEqual(expect.arrayContaining([...everythingOf("acme"), ...everythingOf("bigcorp")]));
  const visitor = await Visitor.of(fleet);
  for (const tenant of ["acme", "bigcorp"]) {
    expect((await visitor.call(keysPage(tenant))).status).toBe(200);
  }
});

test("a second up changes nothing", async () => {
  const { output } = await fleet.up("--expect-no-changes");
  expect(output).toMatch(/Resources:\s+52 unchanged/);
});

describe("on a healthy fleet nothing has drifted:", () => {
  test("refresh reports no change", async () => {
    const { exitCode, output } = await fleet.stack.refresh({ args: ["--expect-no-changes"] });
    expect(output).toMatch(/Resources:\s+52 unchanged/);
    expect(exitCode).toBe(0);
  });

  test("up --refresh reports no change", async () => {
    const { output } = await fleet.up("--refresh", "--expect-no-changes");
    expect(output).toMatch(/Resources:\s+52 unchanged/);
  });
});

describe("an edit touches its own tenant alone:", () => {
  let before: Record<string, string>;
  beforeEach(async () => {
    before = await lives(fleet);
  });

  /** Containers that are not, or no longer, what they were. */
  const touched = async () => {
    const after = await lives(fleet);
    return Object.keys({ ...before, ...after })
      .filter((name) => before[name] !== after[name])
      .sort();
  };

  test("a third tenant; whoever is at acme meanwhile notices nothing", async () => {
    const authority = await fleet.docker("exec", caddyContainer, "cat", rootCertificate);
    const steady = new SteadyVisitor(keysPage("acme"), authority);
    await fleet.writeTenants(fleetFile({ acme, bigcorp: {}, newcorp: {} }));
    const result = await fleet.up();
    const visit = await steady.stop();

    expect(changes(result)).toEqual({ ...nothing, created: everythingOf("newcorp") });
    expect((await touched()).filter((name) => !name.startsWith("newcorp-"))).toEqual([]);
    expect(visit.failures).toEqual([]);
    expect(visit.answers).toBeGreaterThan(50);
    expect((await (await Visitor.of(fleet)).call(keysPage("newcorp"))).status).toBe(200);
  });

  test("more memory for a UI: in place, the container goes on", async () => {
    await fleet.writeTenants(fleetFile({ acme, bigcorp: { size: { hera: "300MiB" } }, newcorp: {} }));
    expect(changes(await fleet.up())).toEqual({ ...nothing, updated: ["bigcorp-hera"] });
    expect(await touched()).toEqual([]);
    const { HostConfig } = (await containersOf(fleet)).get("bigcorp-hera") ?? {};
    expect(HostConfig).toMatchObject({ Memory: 300 * 2 ** 20, MemorySwap: 300 * 2 ** 20, PidsLimit: 200 });
    expect(HostConfig?.RestartPolicy.Name).toBe("always");
  });

  test("another OAuth2 client: the bootstrap step runs again, and Hydra has it", async () => {
    const clients = { ...acme.clients, second: { redirectUris: [callback("two")] } };
    await fleet.writeTenants(
      fleetFile({ acme: { clients }, bigcorp: { size: { hera: "300MiB" } }, newcorp: {} }),
    );
    expect(changes(await fleet.up())).toEqual({
      ...nothing,
      updated: ["acme-gate-bootstrap"],
      replaced: ["acme-bootstrap"],
    });
    expect(await touched()).toEqual(["acme-bootstrap"]);
    const { status, body } = await callInside(
      fleet,
      "acme",
      `${internalUrls.hydraAdmin}/admin/clients/second`,
    );
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ client_id: "second", redirect_uris: [callback("two")] });
  });

  test("who may open the admin UI: the site file alone", async () => {
    await fleet.writeTenants(
      fleetFile({
        acme: { ...acme, admin: { allow: ["127.0.0.2/32"] } },
        bigcorp: { size: { hera: "300MiB" } },
        newcorp: {},
      }),
    );
    // The client of the test before is gone from the file as well, and from Hydra.
    expect(changes(await fleet.up())).toEqual({
      ...nothing,
      updated: ["acme-gate-bootstrap", "acme-vhost"],
      replaced: ["acme-bootstrap"],
    });
    expect(await touched()).toEqual(["acme-bootstrap"]);
    const visitor = await Visitor.of(fleet);
    const admin = `https://acme-admin.localhost:${httpsPort}/`;
    expect((await visitor.call(admin)).status).toBe(403);
    expect((await visitor.at("127.0.0.2").call(admin)).status).not.toBe(403);
    const second = `${internalUrls.hydraAdmin}/admin/clients/second`;
    expect((await callInside(fleet, "acme", second)).status).toBe(404);
  });

  test("a tenant that goes takes exactly what was its own, since this stack may lose data", async () => {
    await fleet.writeTenants(fleetFile({ acme, bigcorp: { size: { hera: "300MiB" } } }));
    const { deleted, created, replaced, updated } = changes(await fleet.up());
    expect(deleted).toEqual(everythingOf("newcorp"));
    expect({ created, replaced, updated }).toEqual({ created: [], replaced: [], updated: ["acme-vhost"] });
    expect((await touched()).filter((name) => !name.startsWith("newcorp-"))).toEqual([]);
    expect(await siteFiles(fleet)).toEqual(["acme.caddy", "bigcorp.caddy"]);
    const left = [
      ...Object.keys(await lives(fleet)),
      ...(await labelled(fleet, "network")),
      ...(await labelled(fleet, "volume")),
    ];
    expect(left.filter((name) => name.includes("newcorp"))).toEqual([]);
    expect(left).toEqual(expect.arrayContaining(["acme-postgres", "bigcorp-internal", "olympus-caddy-data"]));
  });
});

describe("where data is protected", () => {
  const protect = (protectData: boolean) => fleet.configure({ protectData });

  beforeAll(async () => {
    await protect(true);
    await fleet.up();
  });
  // Whatever the tests have found, destroy() must be able to remove the fleet.
  afterAll(async () => {
    await protect(false);
    await fleet.writeTenants(fleetFile({ acme, bigcorp: {} }));
    await fleet.up();
  });

  test("a tenant that vanishes from the file stops the run, and nothing of it stops", async () => {
    const before = await lives(fleet);
    await fleet.writeTenants(fleetFile({ acme }));
    const { exitCode, output } = await fleet.stack.up();
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/bigcorp-vhost.*cannot be deleted.*because it is protected/s);
    expect(await lives(fleet)).toEqual(before);
    expect(await siteFiles(fleet)).toEqual(["acme.caddy", "bigcorp.caddy"]);
    expect((await (await Visitor.of(fleet)).call(keysPage("bigcorp"))).status).toBe(200);
  });

  test("destroy stops as well, before anything has stopped", async () => {
    const before = await lives(fleet);
    const { exitCode, output } = await fleet.stack.destroy();
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/(acme|bigcorp)-vhost.*cannot be deleted.*because it is protected/s);
    expect(await lives(fleet)).toEqual(before);
  });
});
