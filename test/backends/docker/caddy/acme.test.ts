import { describe, expect, test } from "vitest";
import { acmeRoot } from "../../../../backends/docker/caddy/acme.ts";
import { caddyfile } from "../../../../backends/docker/caddy/caddyfile.ts";
import { vhost } from "../../../../backends/docker/caddy/vhost.ts";
import { plannedTenant } from "../../../../backends/docker/fleetPlan.ts";
import type { Tenant, Tls } from "../../../../fleet/model.ts";
import { config, host, tenant } from "../../../fixtures.ts";

const acme: Tls = { mode: "acme", email: "ops@example.org" };
const open = { admin: { email: "a@example.org", allow: ["192.0.2.0/24"] } };

const siteOf = (change: Partial<Tenant>, tls: Tls) =>
  vhost(plannedTenant(tenant("acme", change), host, { ...config, tls }), tls);

/** Sites by their names, which stand in the first line. */
const blocksOf = (file: string) =>
  Object.fromEntries(file.split("\n\n").map((block) => [block.split(" {")[0], block]));

describe("the host's own file", () => {
  test("names the account, and one authority: Let's Encrypt where none is written", () => {
    expect(caddyfile(host, acme)).toContain(
      "	email ops@example.org\n	acme_ca https://acme-v02.api.letsencrypt.org/directory\n	on_demand_tls {\n",
    );
    const other = caddyfile(host, { ...acme, ca: "https://ca.test/dir" });
    expect(other).toContain(
      "	acme_ca https://ca.test/dir\n	on_demand_tls {\n		ask http://127.0.0.1:2020/\n	}\n",
    );
  });
  test("asks on loopback whether a name is the fleet's, and knows none by itself", () => {
    const file = caddyfile(host, acme);
    expect(file).toContain("http://127.0.0.1:2020 {\n	bind 127.0.0.1\n");
    expect(file).toContain("http:// {\n	bind unix//run/caddy/names.sock\n	respond 404\n}\n");
    expect(file).not.toContain("example.org {");
  });
  test("trusts the ACME server by a file that is named by what is in it", () => {
    const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`;
    const [one, other] = [pem("AAAA"), pem("BBBB")].map((caRoot) => acmeRoot({ ...acme, caRoot }));
    expect(one?.content).toBe(`${pem("AAAA")}\n`);
    expect(one?.path).toMatch(/^roots\/[0-9a-f]{16}\.pem$/);
    expect(other?.path).not.toBe(one?.path);
    expect(acmeRoot({ ...acme, caRoot: `${pem("AAAA")}\n` })).toEqual(one);
    expect(caddyfile(host, { ...acme, caRoot: pem("AAAA") })).toContain(
      `	acme_ca_root /etc/caddy/${one?.path}\n`,
    );
    expect(caddyfile(host, acme)).not.toContain("acme_ca_root");
  });
  test("of a laptop has nothing of this", () => {
    expect(acmeRoot({ mode: "internal" })).toBeUndefined();
    expect(caddyfile(host, { mode: "internal" })).not.toMatch(/acme|on_demand|ask|names\.sock/);
  });
});

describe("a tenant's file", () => {
  test("has a certificate made at the first visit of each name", () => {
    const blocks = blocksOf(siteOf({ ...open, domains: ["login.acme.test"] }, acme));
    const names = ["acme.example.org", "login.acme.test", "acme-api.example.org", "acme-admin.example.org"];
    for (const name of names) expect(blocks[name]).toContain(" {\n	tls {\n		on_demand\n	}\n");
  });
  test("says which names are the fleet's", () => {
    const file = siteOf({ ...open, domains: ["login.acme.test"] }, acme);
    expect(file).toContain(
      "http://acme.example.org, http://login.acme.test, http://acme-api.example.org, http://acme-admin.example.org {\n" +
        "	bind unix//run/caddy/names.sock\n	respond 204\n}\n",
    );
  });
  test("orders no certificate for an admin site that nobody may enter", () => {
    const blocks = blocksOf(siteOf({}, acme));
    expect(blocks["acme-admin.example.org"]).toContain(" {\n	tls internal\n");
    expect(siteOf({}, acme)).not.toContain("http://acme-admin.");
  });
  test("of a laptop gets all of Caddy's own authority", () => {
    const file = siteOf({ ...open, domains: ["login.acme.test"] }, { mode: "internal" });
    expect(file.match(/\ttls internal\n/g)).toHaveLength(4);
    expect(file).not.toMatch(/on_demand|http:\/\/|unix\//);
  });
});
