import { describe, expect, test } from "vitest";
import { caddyfile, vhost } from "../../../fleet/render/caddy.ts";
import { planTenant } from "../../../fleet/tenantPlan.ts";
import { config, host, tenant } from "../../fixtures.ts";

const siteOf = (change: Parameters<typeof tenant>[1] = {}) =>
  vhost("acme", planTenant(tenant("acme", change), host, config).routes, config.tls);

test("a tenant's site file, whole", () => expect(siteOf()).toMatchSnapshot());
test("a laptop's Caddyfile, whole", () => {
  expect(caddyfile({ httpPort: 8080, httpsPort: 8443 }, { mode: "internal" })).toMatchSnapshot();
});
test("production's Caddyfile names the ACME account", () => {
  const file = caddyfile(host, { mode: "acme", email: "ops@example.org", ca: "https://ca.test/dir" });
  expect(file).toContain("	email ops@example.org\n	acme_ca https://ca.test/dir\n");
});
test("the way from HTTP to HTTPS is Caddy's own where 443 is to be had, and written out elsewhere", () => {
  expect(caddyfile(host, { mode: "internal" })).not.toMatch(/disable_redirects|redir /);
  const laptop = caddyfile({ httpPort: 8080, httpsPort: 8443 }, { mode: "internal" });
  expect(laptop).toContain("	auto_https disable_redirects\n");
  expect(laptop).toContain("http:// {\n	redir https://{host}:8443{uri} 308\n}\n");
});

describe("behind an edge", () => {
  const edge = { from: ["198.51.100.7/32", "2001:db8::7/128"], httpsPort: 443 };

  test("the edge alone is believed about visitors' addresses, and QUIC is not offered", () => {
    const file = caddyfile(host, { mode: "internal" }, edge);
    expect(file).toContain(
      [
        "		protocols h1 h2",
        "		listener_wrappers {",
        "			proxy_protocol {",
        "				timeout 5s",
        "				allow 198.51.100.7/32 2001:db8::7/128",
        "				fallback_policy reject",
        "			}",
        "			tls",
        "		}",
      ].join("\n"),
    );
  });
  test("no edge, nobody to believe", () => {
    expect(caddyfile(host, { mode: "internal" })).not.toContain("proxy_protocol");
  });
  test("the way from HTTP to HTTPS leads to the edge's port, whatever the host's own is", () => {
    const ports = { httpPort: 8080, httpsPort: 8443 };
    expect(caddyfile(ports, { mode: "internal" }, edge)).not.toMatch(/disable_redirects|redir /);
    expect(caddyfile(host, { mode: "internal" }, { ...edge, httpsPort: 9443 })).toContain(
      "http:// {\n	redir https://{host}:9443{uri} 308\n}\n",
    );
  });
});

describe("the admin site", () => {
  const adminSite = (file: string) => file.slice(file.indexOf("acme-admin."));
  test("is closed by default", () => expect(adminSite(siteOf())).toContain("	respond 403\n"));
  test("opens to the ranges that are allowed, and to no other", () => {
    const file = siteOf({ admin: { email: "a@example.org", allow: ["192.0.2.0/24", "2001:db8::/32"] } });
    expect(adminSite(file)).toContain(
      "	@stranger not remote_ip 192.0.2.0/24 2001:db8::/32\n	respond @stranger 403\n",
    );
  });
});

test("custom domains lead to the login UI only", () => {
  const file = siteOf({ domains: ["login.acme.test"] });
  expect(file).toContain("acme.example.org, login.acme.test {");
  expect(file.match(/login\.acme\.test/g)).toHaveLength(1);
});

test("no site leads to an admin port", () => {
  expect(siteOf()).not.toMatch(/:500[13]\b/);
});
