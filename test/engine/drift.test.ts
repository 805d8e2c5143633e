import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caddyContainer, firewallContainer } from "../../fleet/names.ts";
import { containersOf, lives, siteFiles } from "../harness/containers.ts";
import { drift, found } from "../harness/driftCommand.ts";
import { type Secrets, secretsOf } from "../harness/tenantSecrets.ts";
import { changes, fleetFile, httpsPort, TestFleet } from "../harness/testFleet.ts";
import { Visitor } from "../harness/visitor.ts";

/** Whatever a person can do to a host by hand: seen, told, and mended by the next `up --refresh`. */

const clean = { exitCode: 0, words: {} };
const tenants = { acme: {}, bigcorp: {} };

let fleet: TestFleet;
let secrets: Secrets;

beforeAll(async () => {
  fleet = await TestFleet.prepare(fleetFile(tenants));
  await fleet.up();
  secrets = await secretsOf(fleet);
});
afterAll(() => fleet?.destroy());

const inCaddy = (script: string) => fleet.docker("exec", caddyContainer, "sh", "-c", script);
const loginOf = async (tenant: string) =>
  (await (await Visitor.of(fleet)).call(`https://${tenant}.localhost:${httpsPort}/login`)).status;
const networksOf = async (container: string) =>
  Object.keys((await containersOf(fleet)).get(container)?.NetworkSettings.Networks ?? {}).sort();
const tell = async () => {
  const { exitCode, words } = await found(fleet);
  return { exitCode, words };
};
/** `up --refresh`, after which a further one has nothing to do, and nothing is found. */
const mend = async () => {
  const done = changes(await fleet.up("--refresh"));
  await fleet.up("--refresh", "--expect-no-changes");
  expect(await tell()).toEqual(clean);
  return done;
};

test("where nothing was touched, nothing is found", async () => {
  const { exitCode, out } = await drift(fleet);
  expect(out).toBe("Stack test: as the last `pulumi up` has left it");
  expect(exitCode).toBe(0);
});

describe("a tenant's containers and its site file", () => {
  let before: Record<string, string>;

  beforeAll(async () => {
    before = await lives(fleet, "bigcorp");
    await fleet.docker("rm", "--force", "acme-hera");
    await fleet.docker("stop", "acme-athena");
    await fleet.docker("update", "--memory", "300m", "--memory-swap", "300m", "acme-hydra");
    await fleet.docker("update", "--restart", "no", "acme-postgres");
    await fleet.docker("rm", "acme-kratos-migrate");
    await fleet.docker("network", "connect", "bridge", "acme-kratos");
    await inCaddy("echo '# by hand' >> /etc/caddy/sites/acme.caddy");
  });

  test("each is told, with its tenant, and nobody else's is", async () => {
    expect(await tell()).toEqual({
      exitCode: 1,
      words: {
        acme: [
          "acme-athena was stopped",
          "acme-hera was removed",
          "acme-hydra was changed: memory 96MiB → 300MiB",
          "acme-kratos was connected to the network bridge",
          "acme-kratos-migrate was removed, a step that had been done; it is done again",
          "acme-postgres was changed: restart always → no",
          "Caddy's sites/acme.caddy was edited by hand",
        ],
      },
    });
  });

  test("no secret is told", async () => {
    const told = [await drift(fleet), await drift(fleet, "--json")].map(({ out }) => out).join("\n");
    for (const [what, secret] of secrets) expect(told.includes(secret), what).toBe(false);
  });

  test("a preview shows the site file alone, since it reads no engine, and an up mends it", async () => {
    const { output } = await fleet.stack.preview();
    expect([...output.matchAll(/^ ~ +\S+ (\S+) update/gm)].map(([, name]) => name)).toEqual([
      "acme-gate-bootstrap",
      "acme-vhost",
    ]);
    expect(changes(await fleet.up()).updated).toEqual(["acme-gate-bootstrap", "acme-vhost"]);
    expect(await inCaddy("cat /etc/caddy/sites/acme.caddy")).not.toContain("by hand");
    expect(await networksOf("acme-kratos")).toEqual(["acme-egress", "acme-internal"]);
    await fleet.up("--expect-no-changes");
  });

  test("up --refresh mends the rest, and the neighbour notices nothing", async () => {
    const { created, updated } = await mend();
    expect(created).toEqual(["acme-hera", "acme-kratos-migrate"]);
    expect(updated).toEqual(expect.arrayContaining(["acme-athena", "acme-hydra", "acme-postgres"]));
    expect(await loginOf("acme")).toBe(200);
    expect(await lives(fleet, "bigcorp")).toEqual(before);
  });
});

describe("what belongs to the host", () => {
  const site = "/etc/caddy/sites/zz-by-hand.caddy";

  beforeAll(async () => {
    await fleet.docker("stop", firewallContainer);
    await fleet.docker("network", "disconnect", "--force", "acme-egress", "acme-kratos");
    await fleet.docker("network", "rm", "acme-egress");
    await fleet.docker("pause", "bigcorp-hera");
    await inCaddy("rm /etc/caddy/sites/bigcorp.caddy");
    await inCaddy(`echo 'by-hand.localhost {' > ${site}; echo '}' >> ${site}`);
    await inCaddy(
      "printf '{\\n\\tadmin unix//run/caddy/admin.sock\\n}\\n' > /tmp/other && " +
        "caddy reload --adapter caddyfile --config /tmp/other --address unix//run/caddy/admin.sock 2>&1",
    );
  });

  test("is told", async () => {
    await expect(loginOf("acme")).rejects.toThrow(); // the running Caddy has forgotten it
    expect(await tell()).toEqual({
      exitCode: 1,
      words: {
        acme: [
          "network acme-egress was removed",
          "acme-kratos was disconnected from the network acme-egress",
        ],
        bigcorp: ["bigcorp-hera is paused", "Caddy's sites/bigcorp.caddy was removed by hand"],
        "host local": [
          "Caddy runs another configuration than was published",
          `${firewallContainer} was stopped`,
          "Caddy's sites/zz-by-hand.caddy was put there by hand",
        ],
      },
    });
  });

  test("is mended, but for what nobody knows who wants it", async () => {
    await fleet.up("--refresh");
    expect(await networksOf("acme-kratos")).toEqual(["acme-egress", "acme-internal"]);
    expect([await loginOf("acme"), await loginOf("bigcorp")]).toEqual([200, 200]);
    expect(await fleet.docker("inspect", "--format", "{{.State.Status}}", firewallContainer)).toBe("running");
    expect((await tell()).words).toEqual({
      "host local": ["Caddy's sites/zz-by-hand.caddy was put there by hand"],
    });
    const { out } = await drift(fleet);
    expect(out).toContain("docker exec olympus-caddy rm /etc/caddy/sites/zz-by-hand.caddy");
    expect(out).not.toContain("To put");
    await inCaddy(`rm ${site}`);
    await mend();
  });
});

test("a rule that somebody deletes comes back by itself, and is no drift", async () => {
  await fleet.docker(
    "exec",
    firewallContainer,
    "sh",
    "-c",
    "iptables -w 5 -D INPUT -i oly-+ -m conntrack --ctstate NEW -j DROP",
  );
  expect(await tell()).toEqual(clean);
});

test("files that are broken by hand: a restarted Caddy goes on, and both are mended at once", async () => {
  const files = ["acme", "bigcorp"].map((tenant) => `echo 'nonsense {' > /etc/caddy/sites/${tenant}.caddy`);
  await inCaddy(files.join("; "));
  await fleet.docker("restart", caddyContainer);
  for (let tries = 0; tries < 50 && (await loginOf("acme").catch(() => 0)) !== 200; tries++) await sleep(200);
  expect([await loginOf("acme"), await loginOf("bigcorp")]).toEqual([200, 200]);
  expect((await tell()).words).toEqual({
    acme: ["Caddy's sites/acme.caddy was edited by hand"],
    bigcorp: ["Caddy's sites/bigcorp.caddy was edited by hand"],
  });
  expect(await mend()).toMatchObject({ updated: ["acme-vhost", "bigcorp-vhost"] });
});

test("Caddy and its configuration are gone: everything is published anew", async () => {
  await fleet.docker("rm", "--force", caddyContainer);
  await fleet.docker("volume", "rm", "olympus-caddy-config");
  expect((await tell()).words).toEqual({
    "host local": [
      "Caddy's Caddyfile was removed by hand",
      `${caddyContainer} was removed`,
      "volume olympus-caddy-config was removed",
    ],
    acme: ["Caddy's sites/acme.caddy was removed by hand"],
    bigcorp: ["Caddy's sites/bigcorp.caddy was removed by hand"],
  });
  await mend();
  expect(await siteFiles(fleet)).toEqual(["acme.caddy", "bigcorp.caddy"]);
  expect([await loginOf("acme"), await loginOf("bigcorp")]).toEqual([200, 200]);
});

describe("an edit that waits for its up", () => {
  test("is no drift, and is told beside it", async () => {
    await fleet.writeTenants(fleetFile({ ...tenants, acme: { admin: { allow: ["127.0.0.2/32"] } } }));
    const { exitCode, words, document } = await found(fleet);
    expect({ exitCode, words }).toEqual(clean);
    expect(document.pending).toEqual([
      { owner: { kind: "tenant", name: "acme" }, name: "acme-vhost", what: "changed", properties: ["stdin"] },
    ]);
    await inCaddy("echo '# by hand' >> /etc/caddy/sites/bigcorp.caddy");
    const { out } = await drift(fleet);
    expect(out).toBe(
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
    expect(await mend()).toMatchObject({ updated: ["acme-vhost", "bigcorp-vhost"] });
  });
});

test("a tenant's data that is gone is told as what it is, and not as what an up mends", async () => {
  await fleet.docker("rm", "--force", "acme-postgres");
  await fleet.docker("volume", "rm", "acme-postgres");
  const { out } = await drift(fleet);
  expect(out).toContain("volume acme-postgres was removed, and with it all data of acme\n");
  expect(out).toContain("`pulumi up --refresh` begins acme anew, empty.");
});

test("a fleet whose Caddy is gone can be removed all the same", async () => {
  await fleet.docker("rm", "--force", caddyContainer);
  const { exitCode, output } = await fleet.stack.destroy();
  expect(output).not.toContain("error:");
  expect(exitCode).toBe(0);
});
