import { describe, expect, test } from "vitest";
import { edgeCaddyfile } from "../../../../backends/docker/caddy/edgeFile.ts";
import { plannedTenant } from "../../../../backends/docker/fleetPlan.ts";
import type { Host } from "../../../../fleet/model.ts";
import { config, host, tenant } from "../../../fixtures.ts";

const edge = { httpPort: 80, httpsPort: 443 };
const eu1: Host = { ...host, name: "eu-1", publicAddress: ["203.0.113.11"] };
const eu2: Host = {
  ...host,
  name: "eu-2",
  publicAddress: ["203.0.113.12", "2001:db8::12"],
  httpPort: 8080,
  httpsPort: 8443,
};
const us1: Host = { ...host, name: "us-1", publicAddress: ["us-1.example.net"] };

const plan = (name: string, home: Host, domains: readonly string[] = []) =>
  plannedTenant(tenant(name, { host: home.name, domains }), home, config);
const acme = plan("acme", eu1, ["login.acme.test"]);
const globex = plan("globex", eu1);
const bigcorp = plan("bigcorp", eu2);

const file = (...plans: readonly ReturnType<typeof plan>[]) => edgeCaddyfile(edge, [eu1, eu2, us1], plans);

/** Lines that one file has and the other has not, where they are. */
function difference(before: string, after: string) {
  const [from, to] = [before.split("\n"), after.split("\n")];
  return {
    gone: from.filter((line) => !to.includes(line)),
    come: to.filter((line) => !from.includes(line)),
    growth: to.length - from.length,
  };
}

test("an edge's Caddyfile, whole", () => expect(file(acme, globex, bigcorp)).toMatchSnapshot());

describe("a tenant", () => {
  const line = "\t\tglobex.example.org globex-api.example.org globex-admin.example.org \\";

  test("is one line, wherever it stands among the others", () => {
    expect(difference(file(acme, bigcorp), file(acme, globex, bigcorp))).toEqual({
      gone: [],
      come: [line],
      growth: 1,
    });
    expect(difference(file(acme, bigcorp), file(globex, acme, bigcorp))).toEqual({
      gone: [],
      come: [line],
      growth: 1,
    });
  });

  test("that moves takes its line from one host to another, and nothing else changes", () => {
    const before = file(acme, globex, bigcorp).split("\n");
    const after = file(acme, bigcorp, plan("globex", eu2)).split("\n");
    expect(after).not.toEqual(before);
    expect(after.filter((one) => one !== line)).toEqual(before.filter((one) => one !== line));
    expect(after.indexOf(line)).toBeGreaterThan(after.indexOf("(eu-2) {"));
  });

  test("brings its custom domains", () => {
    expect(file(acme)).toContain(
      "\t\tacme.example.org login.acme.test acme-api.example.org acme-admin.example.org \\\n",
    );
  });
});

describe("a host", () => {
  test("is reached at its own ports, by IPv4 before IPv6, and the edge answers when it cannot be", () => {
    expect(file(bigcorp)).toContain(
      [
        "				proxy {",
        "					import reach_a_host",
        "					upstream 203.0.113.12:8443",
        "					upstream [2001:db8::12]:8443",
        "					upstream unix//run/caddy/unreachable.https.sock",
        "				}",
      ].join("\n"),
    );
    expect(file(bigcorp)).toContain("upstream 203.0.113.12:8080\n");
  });

  test("may be known by a name", () => {
    expect(file(plan("acme", us1))).toContain("upstream us-1.example.net:443\n");
  });

  test("without tenants is not in the file", () => {
    expect(file(acme)).not.toMatch(/eu-2|us-1/);
    expect(file()).not.toMatch(/(eu|us)-\d/);
  });
});

test("listens on the ports of the edge's own host", () => {
  const other = edgeCaddyfile({ httpPort: 8080, httpsPort: 8443 }, [eu1], [acme]);
  expect(other).toContain("\t\t:8080 {\n");
  expect(other).toContain("\t\t:8443 {\n");
});
