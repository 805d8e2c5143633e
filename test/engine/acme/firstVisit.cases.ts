import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { AcmeStage } from "../../harness/acmeStage.ts";
import type { TlsAnswer } from "../../harness/tlsVisit.ts";

const open = { admin: { email: "a@example.org", allow: ["0.0.0.0/1", "128.0.0.0/1"] } };
const domains = ["login.bigcorp.test"];

export function firstVisitCases(stage: () => AcmeStage): void {
  /** As a person who reloads the page. */
  const visitUntilServed = async (name: string, seconds: number): Promise<TlsAnswer> => {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      try {
        return await stage().visit(name);
      } catch (error) {
        if (Date.now() > end) throw error;
        await sleep(500);
      }
    }
  };

  describe("certificates", () => {
    beforeAll(async () => {
      await stage().publish("acme");
      await stage().publish("bigcorp", { ...open, domains });
    });

    test("are not ordered before anybody comes", async () => {
      for (let count = 1; count <= 8; count++) await stage().publish(`t${count}`);
      expect(await stage().acme.journal()).toMatchObject({ orders: 0 });
      expect(await stage().caddy.log()).not.toContain('"level":"error"');
      for (let count = 1; count <= 8; count++) await stage().unpublish(`t${count}`);
    });

    test.each(["acme.example.org", "acme-api.example.org", "bigcorp-admin.example.org", ...domains])(
      "%s gets one at its first visit, and keeps it",
      async (name) => {
        const before = (await stage().acme.journal()).certificates;
        const first = await stage().visit(name);
        expect(first).toMatchObject({ status: 200, text: name });
        expect(first.issuer).toMatch(/^Pebble Intermediate CA/);
        expect((await stage().visit(name)).serialNumber).toBe(first.serialNumber);
        const { certificates, validated } = await stage().acme.journal();
        expect(certificates).toBe(before + 1);
        expect(validated).toContain(name);
      },
    );

    test("outlive Caddy: after a restart nothing is ordered", async () => {
      const { serialNumber } = await stage().visit("acme.example.org");
      const { orders } = await stage().acme.journal();
      await stage().caddy.restart();
      expect((await stage().visit("acme.example.org")).serialNumber).toBe(serialNumber);
      expect(await stage().acme.journal()).toMatchObject({ orders });
    });

    test("a custom domain that leads nowhere yet holds up nobody, and gets its own when it does", async () => {
      const name = "login.latecorp.test";
      await stage().publish("latecorp", { domains: [name] });
      await stage().acme.names.lose(name);
      await expect(stage().visit(name, { patienceSeconds: 3 })).rejects.toThrow("no answer within 3 s");
      expect(await stage().visit("latecorp.example.org")).toMatchObject({ status: 200 });
      expect(await stage().visit("acme.example.org")).toMatchObject({ status: 200 });

      await stage().acme.names.lead(name, stage().host.address);
      // Caddy is still busy with the first visitor, and tries again a minute after it failed.
      const answer = await visitUntilServed(name, 90);
      expect(answer).toMatchObject({ status: 200, text: name });
    });
  });

  describe("a custom domain", () => {
    const hsts = async (name: string) => (await stage().visit(name)).headers["strict-transport-security"];

    test("binds no name below it to HTTPS, since that is its owner's affair", async () => {
      expect(await hsts("login.bigcorp.test")).toBe("max-age=31536000");
      expect(await hsts("bigcorp.example.org")).toBe("max-age=31536000; includeSubDomains");
    });

    test("gives a guesser no further attempts", async () => {
      const attempt = async (name: string) =>
        (await stage().visit(name, { method: "POST", path: "/login" })).status;
      const statuses: number[] = [];
      for (const name of [
        "bigcorp.example.org",
        "bigcorp.example.org",
        ...Array(4).fill("login.bigcorp.test"),
      ]) {
        statuses.push(await attempt(name));
      }
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
      expect(await attempt("bigcorp.example.org")).toBe(429);
    });
  });
}
