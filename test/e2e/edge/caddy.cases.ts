import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { loginLimits } from "../../../fleet/tenant/limits.ts";
import { actionId } from "../../../lab/uis/web/server.ts";
import { httpPort, httpsPort } from "../../harness/testFleet.ts";
import { type TwoTenants, tenantNames } from "../../harness/twoTenants.ts";
import type { Visitor } from "../../harness/visitor.ts";

const purposes = ["login", "api", "admin"] as const;
const sites = tenantNames.flatMap((tenant) => purposes.map((purpose) => ({ tenant, purpose })));

/** Each exactly once: browsers ignore a frame rule that is there twice and differs. */
const headers = {
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "referrer-policy": "strict-origin-when-cross-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

/** What a QUIC server says to a version that nobody speaks: the versions that it does (RFC 9000, section 17.2.1). */
function quicVersions(port: number): Promise<number[]> {
  const packet = Buffer.alloc(1200);
  packet.set([0xc0, 0x1a, 0x2a, 0x3a, 0x4a, 8, ...randomBytes(8), 8, ...randomBytes(8)]);
  const socket = createSocket("udp4");
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("no answer by QUIC")), 5000);
    socket.once("error", reject).once("message", (answer) => {
      clearTimeout(timer);
      const list = answer.subarray(7 + 8 + 8); // first byte, version, two connection ids with their lengths
      resolve(Array.from({ length: list.length / 4 }, (_, index) => list.readUInt32BE(index * 4)));
    });
    socket.send(packet, port, "127.0.0.1");
  }).finally(() => socket.close()) as Promise<number[]>;
}

export function caddyCases(stage: () => TwoTenants): void {
  describe("Caddy", () => {
    test.each(sites)("sends the security headers for $purpose of $tenant", async ({ tenant, purpose }) => {
      const answer = await stage().visitor.call(stage().urls(tenant)[purpose]);
      expect(answer.headers).toMatchObject(headers);
      expect(answer.headers).not.toHaveProperty("server");
    });

    test.each(sites)("leads from HTTP to HTTPS for $purpose of $tenant", async ({ tenant, purpose }) => {
      const url = stage().urls(tenant)[purpose];
      const plain = new URL("/login?a=b", url.replace("https:", "http:"));
      plain.port = String(httpPort);
      const answer = await stage().visitor.call(plain.href);
      expect([answer.status, answer.headers.location]).toEqual([308, `${url}/login?a=b`]);
    });

    test("offers HTTP/3 and speaks QUIC", async () => {
      const { headers: given } = await stage().visitor.call(stage().urls("acme").login);
      expect(given["alt-svc"]).toContain(`h3=":${httpsPort}"`);
      expect(await quicVersions(httpsPort)).toContain(1);
    });

    test.each([
      ["login", "/health"],
      ["login", "/health/ready"],
      ["login", "/metrics"],
      ["login", "/api/policy/password"],
      ["login", "/api/policy/password/check"],
      ["api", "/health/ready"],
      ["api", "/health/alive"],
      ["api", "/metrics/prometheus"],
      ["api", "/version"],
      ["api", "/admin"],
      ["api", "/admin/clients"],
      ["admin", "/api/health"],
      ["admin", "/health"],
    ] as const)("hides at %s the internal path %s", async (purpose, path) => {
      const { status, text } = await stage().visitor.call(`${stage().urls("acme")[purpose]}${path}`);
      expect([status, text]).toEqual([404, ""]);
    });

    test("refuses a body that no form of ours has", async () => {
      const { login } = stage().urls("acme");
      const answer = await stage()
        .visitor.at("127.0.0.77")
        .call(`${login}/registration`, { form: { a: "x".repeat(2_000_000) } });
      expect(answer.status).toBe(413);
    });
  });

  describe("the limit on sign-in attempts", () => {
    const attempt = async (visitor: Visitor, tenant: "acme" | "bigcorp", path = "/login") =>
      (await visitor.call(`${stage().urls(tenant).login}${path}`, { form: { identifier: "a" } })).status;
    const limited = 429;

    test("lets five through in ten seconds, per tenant and per address", async () => {
      const guesser = stage().visitor.at("127.0.0.7");
      for (let count = 1; count <= 5; count++) expect(await attempt(guesser, "acme")).not.toBe(limited);
      expect(await attempt(guesser, "acme")).toBe(limited);
      // Other spellings of the path count as the same.
      for (const path of ["/login/", "/login?a=b", "/LOGIN", "/login/x", "/%6cogin", "//login"]) {
        expect([path, await attempt(guesser, "acme", path)]).toEqual([path, limited]);
      }
      expect(await attempt(guesser, "bigcorp")).not.toBe(limited);
      expect(await attempt(stage().visitor.at("127.0.0.8"), "acme")).not.toBe(limited);
      // Looking at the page is no attempt.
      expect((await guesser.call(`${stage().urls("acme").login}/login?next=home`)).status).toBe(200);
    });

    test("holds for attempts that are sent to any other path, as Next.js takes them", async () => {
      const guesser = stage().visitor.at("127.0.0.10");
      const found: number[] = [];
      for (
        let count = 0;
        count <= loginLimits.reduce((most, { requests }) => Math.max(most, requests), 0);
        count++
      ) {
        const path = ["/consent", "/", "/nothing"][count % 3];
        const { status } = await guesser.call(`${stage().urls("acme").login}${path}`, {
          headers: { "next-action": actionId("/login") },
          form: { identifier: "nobody@acme.example", password: `wrong-${count}` },
        });
        found.push(status);
      }
      // The sign-in was really tried, and refused by Kratos.
      expect(new Set(found.slice(0, -1))).toEqual(new Set([401]));
      expect(found.at(-1)).toBe(limited);
    });

    test("is not moved by what the guesser says of himself, and ends after ten seconds", async () => {
      const guesser = stage().visitor.at("127.0.0.9");
      const { login } = stage().urls("acme");
      const spoofed = (address: string) =>
        guesser.call(`${login}/login`, {
          headers: { "x-forwarded-for": address, "x-real-ip": address, forwarded: `for=${address}` },
          form: { identifier: "a" },
        });
      const statuses: number[] = [];
      for (let count = 1; count <= 6; count++) statuses.push((await spoofed(`192.0.2.${count}`)).status);
      expect(statuses.map((status) => status === limited)).toEqual([
        ...[false, false, false, false, false],
        true,
      ]);
      await sleep(10_200);
      expect((await spoofed("192.0.2.7")).status).not.toBe(limited);
    });
  });

  test("a forged X-Forwarded-For does not reach what is behind Caddy", async () => {
    const { fleet, visitor } = stage();
    const mark = `mark-${randomBytes(6).toString("hex")}`;
    await visitor.at("127.0.0.33").call(stage().urls("acme").api, {
      // Hydra logs headers, and this one is nobody's secret.
      headers: { "user-agent": mark, "x-forwarded-for": "192.0.2.99", "x-real-ip": "192.0.2.98" },
    });
    const { output } = await fleet.tryDocker("logs", "acme-hydra");
    const line = output.split("\n").find((candidate) => candidate.includes(mark));
    expect(line).toContain('"x-forwarded-for":"127.0.0.33"');
    expect(line).not.toMatch(/192\.0\.2\.9[89]/);
  });
}
