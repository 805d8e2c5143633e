import { describe, expect, test } from "vitest";
import { caddyContainer } from "../../../backends/docker/names.ts";
import { domain, homes, type PublicFleet, publicTenants } from "../../harness/publicFleet.ts";
import { visit } from "../../harness/tlsVisit.ts";

export function wayInCases(stage: () => PublicFleet): void {
  describe("six tenants behind one wildcard name", () => {
    test("the zone has one record, which leads to the edge", () => {
      const { zone, fleet } = stage();
      const records = zone.records.map(({ name, type, content }) => ({ name, type, content }));
      const content = fleet.host("edge-1").address;
      expect(records).toEqual([{ name: `*.${domain}`, type: "A", content }]);
    });

    test.each(publicTenants)("%s answers with a certificate of the authority's", async (tenant) => {
      const { visitor } = stage();
      const { login, api, admin } = stage().urls(tenant);
      expect((await visitor.call(`${login}/login?next=home`)).status).toBe(200);
      const discovery = await visitor.call(`${api}/.well-known/openid-configuration`);
      expect(JSON.parse(discovery.text)).toMatchObject({ issuer: api });
      expect((await visitor.call(`${admin}/`)).status).toBeLessThan(400);
    });

    test("each certificate lies at its tenant's host and nowhere else, least of all at the edge", async () => {
      const { fleet } = stage();
      const keys = async (host: string) => {
        const files = await fleet
          .engine(host)
          .docker("exec", caddyContainer, "find", "/data", "-name", "*.key");
        return files.split("\n").filter((file) => file.includes(domain));
      };
      expect(await keys("edge-1")).toEqual([]);
      for (const host of new Set(Object.values(homes))) {
        const tenants = publicTenants.filter((tenant) => homes[tenant] === host);
        const names = (await keys(host)).map((file) => file.split("/").at(-1)?.split(/[.-]/)[0]);
        expect([...new Set(names)].sort()).toEqual(tenants);
      }
    });

    test("a name that nobody has gets 404, and no certificate is asked for", async () => {
      const { acme, fleet } = stage();
      const edge = fleet.host("edge-1").address;
      const { orders } = await acme.journal();
      expect(await visit(edge, `nobody.${domain}`)).toMatchObject({ status: 404 });
      await expect(visit(edge, `nobody.${domain}`, { trusts: await acme.issuerRoot() })).rejects.toThrow();
      expect((await acme.journal()).orders).toBe(orders);
    });

    test("plain HTTP is sent on to HTTPS, by the tenant's own host", async () => {
      const { visitor } = stage();
      const { login } = stage().urls("clinic");
      const answer = await visitor.call(login.replace("https:", "http:"));
      expect(answer.status).toBe(308);
      expect(answer.headers.location).toBe(`${login}/`);
    });

    test("a second run changes nothing", async () => {
      await stage().fleet.up("--expect-no-changes");
    });
  });
}
