import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import type { AcmeStage } from "../../harness/acmeStage.ts";
import { visit } from "../../harness/tlsVisit.ts";

export function unknownNameCases(stage: () => AcmeStage): void {
  describe("a name that is not the fleet's", () => {
    test.each([
      "nobody.example.org",
      "acme.example.com",
      "example.org",
      "x.acme.example.org",
      "acme-admin2.example.org",
    ])("%s gets no certificate, and none is ordered, though DNS leads it here", async (name) => {
      const { orders } = await stage().acme.journal();
      await expect(stage().visit(name)).rejects.toThrow(/alert internal error|EPROTO|ECONNRESET/);
      expect(await stage().acme.journal()).toMatchObject({ orders });
    });

    test("neither is one for the address itself, nor for no name at all", async () => {
      const { orders } = await stage().acme.journal();
      await expect(visit(stage().host.address, "")).rejects.toThrow();
      expect(await stage().acme.journal()).toMatchObject({ orders });
    });

    test("no longer has one ordered once its tenant is gone", async () => {
      await stage().publish("gonecorp", { domains: ["login.gonecorp.test"] });
      expect(await stage().visit("gonecorp.example.org")).toMatchObject({ status: 200 });
      await stage().unpublish("gonecorp");
      const { orders } = await stage().acme.journal();
      await expect(stage().visit("login.gonecorp.test")).rejects.toThrow();
      expect(await stage().acme.journal()).toMatchObject({ orders });
    });
  });

  test("an admin site that nobody may enter answers 403 and costs no certificate", async () => {
    const { orders } = await stage().acme.journal();
    const answer = await visit(stage().host.address, "acme-admin.example.org");
    expect(answer.status).toBe(403);
    expect(answer.issuer).toMatch(/^Caddy Local Authority/);
    expect(await stage().acme.journal()).toMatchObject({ orders });
  });

  describe("the endpoint that Caddy asks", () => {
    const asked = async (query: string) => {
      const url = `http://127.0.0.1:2020/${query}`;
      return Number(
        await stage().host.run(
          "curl",
          "--silent",
          "--output",
          "/dev/null",
          "--write-out",
          "%{http_code}",
          url,
        ),
      );
    };

    test.each([
      "acme.example.org",
      "acme-api.example.org",
      "login.bigcorp.test",
      "bigcorp-admin.example.org",
    ])("knows %s", async (name) => expect(await asked(`?domain=${name}`)).toBe(204));

    test.each([
      "?domain=nobody.example.org",
      "?domain=acme-admin.example.org",
      "?domain=",
      "",
      "?domain=127.0.0.1",
    ])("knows nothing of %s", async (query) => expect([400, 404]).toContain(await asked(query)));

    test("is not to be had from outside", async () => {
      const { address } = stage().host;
      const outcome = await new Promise((resolve) => {
        connect({ host: address, port: 2020 })
          .on("connect", () => resolve("open"))
          .on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
      });
      expect(outcome).toBe("ECONNREFUSED");
    });
  });
}
