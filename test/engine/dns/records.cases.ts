import { describe, expect, test } from "vitest";
import { type DnsStage, refused, tokens } from "../../harness/dnsStage.ts";
import { changes, fleetFile } from "../../harness/testFleet.ts";

export function recordCases(stage: () => DnsStage): void {
  describe("a record per name", () => {
    test("comes with the tenant, before its site, and the wildcard goes", async () => {
      await stage().fleet.configureHost({ publicAddress: ["203.0.113.11"] });
      await stage().configure({ mode: "records" });
      await stage().fleet.writeTenants(fleetFile({ acme: { admin: { allow: [] } } }));
      const { created, deleted } = changes(await stage().fleet.up());
      expect(created).toEqual(expect.arrayContaining(["acme-dns-login", "acme-dns-api", "acme-vhost"]));
      expect(deleted).toEqual(["dns-wildcard-local", "dns-wildcard-local-2"]);
      expect(stage().records).toEqual([
        "acme-api.id.example.com A 203.0.113.11",
        "acme.id.example.com A 203.0.113.11",
      ]);
      await stage().fleet.up("--expect-no-changes");
    });

    test("lies under its tenant, and is there before the site is published", async () => {
      const { deployment } = JSON.parse(await stage().fleet.stack.state()) as {
        deployment: { resources: { urn: string; parent?: string; dependencies?: string[] }[] };
      };
      const of = (name: string) => deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`));
      expect(of("acme-dns-login")?.parent).toBe(of("acme")?.urn);
      expect(of("acme-vhost")?.dependencies).toEqual(
        expect.arrayContaining([of("acme-dns-login")?.urn, of("acme-dns-api")?.urn]),
      );
    });

    test("the token is nowhere but in the configuration, encrypted", async () => {
      expect(await stage().fleet.stack.state()).not.toContain(tokens.editor);
      expect(JSON.stringify(await stage().fleet.stack.outputs())).not.toContain(tokens.editor);
      const { output } = await stage().fleet.stack.preview({ args: ["--diff", "-v=9"] });
      expect(output).not.toContain(tokens.editor);
    });

    test("an admin site that opens gets a name, one that closes loses it", async () => {
      await stage().fleet.writeTenants(fleetFile({ acme: { admin: { allow: ["198.51.100.0/24"] } } }));
      expect(changes(await stage().fleet.up()).created).toEqual(["acme-dns-admin"]);
      expect(stage().records).toContain("acme-admin.id.example.com A 203.0.113.11");
      await stage().fleet.writeTenants(fleetFile({ acme: { admin: { allow: [] } } }));
      expect(changes(await stage().fleet.up()).deleted).toEqual(["acme-dns-admin"]);
    });

    test("a token that may only read: the error names record and code, and the site stays as it is", async () => {
      await stage().useToken(tokens.reader);
      await stage().fleet.configureHost({ publicAddress: ["203.0.113.12"] });
      const output = await refused(stage().fleet.stack.up());
      expect(output).toContain("acme-dns-login");
      expect(output).toContain('{"code":10000,"message":"Authentication error"}');
      expect(stage().records).toContain("acme.id.example.com A 203.0.113.11");
      await stage().useToken(tokens.editor);
      await stage().fleet.up();
      expect(stage().records).toContain("acme.id.example.com A 203.0.113.12");
    });

    test("with a tenant that is protected, a destroy stops before its names are gone", async () => {
      await stage().fleet.configure({ protectData: true });
      try {
        await stage().fleet.up();
        await refused(stage().fleet.stack.destroy());
        expect(stage().records).toHaveLength(2);
      } finally {
        await stage().fleet.configure({ protectData: false });
        await stage().fleet.up();
      }
    });

    test("goes with its tenant", async () => {
      await stage().fleet.writeTenants(fleetFile({}));
      expect(changes(await stage().fleet.up()).deleted).toEqual(
        expect.arrayContaining(["acme-dns-login", "acme-dns-api"]),
      );
      expect(stage().records).toEqual([]);
    });
  });
}
