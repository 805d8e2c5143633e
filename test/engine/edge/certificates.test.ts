import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Acme, type AcmeOptions } from "../../../lab/acme/acme.ts";
import { visit } from "../../harness/tlsVisit.ts";
import { EdgeLab } from "./edgeLab.ts";

/** Hosts behind an edge order their certificates through it, from a real ACME server. */

const tenants = { acme: { host: "eu-1" }, bigcorp: { host: "eu-2", domains: ["login.bigcorp.test"] } };
/** Nobody listens there, so the challenge at that port cannot be passed. */
const closed = 9;

describe.each<[string, AcmeOptions]>([
  ["HTTP-01", { httpsPort: closed }],
  ["TLS-ALPN-01", { httpPort: closed }],
])("by %s through the edge", (_challenge, options) => {
  let lab: EdgeLab;
  let acme: Acme;

  beforeAll(async () => {
    lab = await EdgeLab.open(tenants, async (site) => {
      acme = await Acme.start(site, { answers: site.host("edge-1").address, ...options });
      return { tls: acme.tls };
    });
  });
  afterAll(() => lab?.close());

  test.each(["acme.example.org", "bigcorp-api.example.org", "login.bigcorp.test"])(
    "%s gets a certificate at its first visit",
    async (name) => {
      const answer = await visit(lab.edge.address, name, { trusts: await acme.issuerRoot() });
      expect(answer.status).toBe(200);
      expect((await acme.journal()).validated).toContain(name);
    },
  );

  test("a name of nobody has none ordered, by the edge or by a host", async () => {
    const { orders } = await acme.journal();
    expect((await visit(lab.edge.address, "nobody.example.org")).issuer).toMatch(/^Caddy Local Authority/);
    await expect(visit(lab.site.host("eu-1").address, "nobody.example.org")).rejects.toThrow();
    // bigcorp's, at the host of somebody else.
    await expect(visit(lab.site.host("eu-1").address, "login.bigcorp.test")).rejects.toThrow();
    expect(await acme.journal()).toMatchObject({ orders });
  });
});
