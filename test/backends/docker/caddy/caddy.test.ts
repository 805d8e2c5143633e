import { describe, expect, test } from "vitest";
import { caddyfile } from "../../../../backends/docker/caddy/caddyfile.ts";
import { vhost } from "../../../../backends/docker/caddy/vhost.ts";
import { plannedTenant } from "../../../../backends/docker/fleetPlan.ts";
import { cloudflareRanges } from "../../../../fleet/dns/cloudflareRanges.ts";
import { config, host, tenant } from "../../../fixtures.ts";

const siteOf = (change: Parameters<typeof tenant>[1] = {}) =>
  vhost(plannedTenant(tenant("acme", change), host, config), config.tls);

test("a tenant's site file, whole", () => expect(siteOf()).toMatchSnapshot());
test("a laptop's Caddyfile, whole", () => {
  expect(caddyfile({ httpPort: 8080, httpsPort: 8443 }, { mode: "internal" })).toMatchSnapshot();
});
test("the way from HTTP to HTTPS is Caddy's own where 443 is to be had, and written out elsewhere", () => {
  expect(caddyfile(host, { mode: "internal" })).not.toMatch(/disable_redirects|redir /);
  const laptop = caddyfile({ httpPort: 8080, httpsPort: 8443 }, { mode: "internal" });
  expect(laptop).toContain("	auto_https disable_redirects\n");
  expect(laptop).toContain("http:// {\n	redir https://{host}:8443{uri} 308\n}\n");
});

test("a request is in no log but that of its own site, which has time and status alone", () => {
  expect(caddyfile(host, { mode: "internal" })).toContain("\tlog {\n\t\texclude http.log.access\n\t}\n");
  const blocks = siteOf({ domains: ["login.acme.test"] })
    .split("\n\n")
    .filter((one) => one.includes(" {"));
  const logs = blocks.map((one) => /output file (\S+) \{/.exec(one)?.[1]);
  // Nobody may enter the admin site.
  expect(logs).toEqual([
    "/data/visits/acme.login.log",
    "/data/visits/acme.login.log",
    "/data/visits/acme.api.log",
    undefined,
  ]);
  expect(siteOf({ state: "suspended" })).not.toContain("output file");
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
    // Caddy's own redirects need a site to be in, or they would not know who the visitor is.
    expect(caddyfile(ports, { mode: "internal" }, edge)).toContain("\nhttp:// {\n}\n");
    expect(caddyfile(host, { mode: "internal" }, { ...edge, httpsPort: 9443 })).toContain(
      "http:// {\n	redir https://{host}:9443{uri} 308\n}\n",
    );
  });
});

describe("behind Cloudflare's proxy", () => {
  test("its addresses are believed about visitors', and no others", () => {
    const file = caddyfile(host, { mode: "internal" }, undefined, true);
    const [, ranges = ""] = /\ttrusted_proxies static (.+)\n/.exec(file) ?? [];
    expect(ranges.split(" ")).toEqual(cloudflareRanges);
    expect(file).toContain("		trusted_proxies_strict\n		client_ip_headers CF-Connecting-IP\n");
  });
  test("without it nobody is", () => {
    expect(caddyfile(host, { mode: "internal" })).not.toMatch(/trusted_proxies|CF-/);
  });
});

test("what a visitor says of himself reaches nobody behind Caddy", () => {
  const sites = siteOf({ domains: ["login.acme.test"] });
  const proxied = sites.split("reverse_proxy").slice(1);
  expect(proxied).toHaveLength(4);
  for (const site of proxied) {
    for (const header of [
      "X-Forwarded-For {client_ip}",
      "X-Real-IP {client_ip}",
      "-True-Client-IP",
      "-CF-*",
    ]) {
      expect(site).toContain(`		header_up ${header}\n`);
    }
  }
});

describe("the admin site", () => {
  const adminSite = (file: string) => file.slice(file.indexOf("acme-admin."));
  test("is closed by default", () => expect(adminSite(siteOf())).toContain("	respond 403\n"));
  test("opens to the ranges that are allowed, and to no other", () => {
    const file = siteOf({ admin: { email: "a@example.org", allow: ["192.0.2.0/24", "2001:db8::/32"] } });
    expect(adminSite(file)).toContain(
      "	@stranger not client_ip 192.0.2.0/24 2001:db8::/32\n	respond @stranger 403\n",
    );
  });
});

describe("custom domains", () => {
  const file = siteOf({ domains: ["login.acme.test", "id.acme.test"] });
  const blocks = file.split("\n\n");
  const [own = "", custom = ""] = ["acme.example.org {", "login.acme.test, id.acme.test {"].map((head) =>
    blocks.find((block) => block.startsWith(head)),
  );

  test("lead to the login UI only", () => {
    expect(file.match(/login\.acme\.test/g)).toHaveLength(1);
    expect(custom).toMatch(/reverse_proxy \S+:3000 \{/);
  });
  test("are what the tenant's own name is, their headers and all, but bind no name below them", () => {
    const differs = "	import security_headers_of_own_domain";
    expect(custom.split("\n").slice(1)).toEqual(
      own
        .split("\n")
        .slice(1)
        .map((line) => (line === "	import security_headers" ? differs : line)),
    );
    const headers = caddyfile(host, { mode: "internal" });
    const snippet = (name: string) => headers.slice(headers.indexOf(`(${name}) {`)).split("\n}\n")[0];
    const [usual, quiet] = ["security_headers", "security_headers_of_own_domain"].map(snippet);
    expect(usual?.replace("(security_headers)", "").replace("; includeSubDomains", "")).toBe(
      quiet?.replace("(security_headers_of_own_domain)", ""),
    );
    expect(usual).toContain("includeSubDomains");
  });
});

test("no site leads to an admin port", () => {
  expect(siteOf()).not.toMatch(/:500[13]\b/);
});

describe("a closed site", () => {
  const domains = ["login.acme.test"];
  test.each(["suspended", "retired"] as const)("%s, whole", (state) =>
    expect(siteOf({ state, domains })).toMatchSnapshot(),
  );

  test.each(["suspended", "retired"] as const)("%s: has every name of before, and leads nowhere", (state) => {
    const names = (site: string) => site.split("\n").filter((line) => /^[a-z].* \{$/.test(line));
    const closed = siteOf({ state, domains });
    expect(names(closed)).toEqual(names(siteOf({ domains })));
    expect(closed).not.toMatch(/reverse_proxy|10\.\d+\.\d+|403|rate_limit/);
  });

  test("open again, it is what it was", () => {
    expect(siteOf({ state: "active", domains })).toBe(siteOf({ domains }));
  });

  test("certificates go on being had for the same names", () => {
    const tls = { mode: "acme", email: "ops@example.org" } as const;
    const known = (state: "active" | "suspended") =>
      vhost(plannedTenant(tenant("acme", { state, domains }), host, { ...config, tls }), tls)
        .split("# Names that may have a certificate.")
        .at(-1);
    expect(known("suspended")).toBe(known("active"));
    expect(known("suspended")).toContain("http://login.acme.test");
  });
});
