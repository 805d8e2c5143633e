import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SiteVisitor } from "../../../lab/hosts/visitor.ts";
import { type Answer, type Call, call, calls } from "./call.ts";
import { EdgeLab } from "./edgeLab.ts";

/** One address of Cloudflare's; the machine that bears it here is its proxy. */
const proxyAddress = "173.245.48.5";
const friend = "192.0.2.7";

const dns = {
  provider: "cloudflare",
  mode: "wildcard",
  zone: "example.org",
  zoneId: "0123456789abcdef0123456789abcdef",
  proxied: true,
} as const;

let lab: EdgeLab;
let proxy: SiteVisitor;
let stranger: SiteVisitor;

beforeAll(async () => {
  const allow = [`${friend}/32`];
  lab = await EdgeLab.open({ acme: { host: "eu-1", allow }, bigcorp: { host: "eu-2" } }, { dns });
  proxy = await lab.site.visitor();
  stranger = await lab.site.visitor();
  await proxy.run("ip", "address", "add", `${proxyAddress}/32`, "dev", "lo");
  for (const name of ["edge-1", "eu-1"]) {
    const host = lab.site.host(name);
    await proxy.run("ip", "route", "add", `${host.address}/32`, "dev", "eth0", "src", proxyAddress);
    await host.run("ip", "route", "add", `${proxyAddress}/32`, "via", proxy.address);
  }
});
afterAll(() => lab?.close());

/** A visitor's request as Cloudflare hands it on. */
const from = (visitor: string, headers: Readonly<Record<string, string>> = {}) => ({
  headers: { "cf-connecting-ip": visitor, "x-forwarded-proto": "https", ...headers },
});

const seen = ({ text }: Answer) => JSON.parse(text) as { headers: Record<string, string> };

describe.each([
  ["straight to the host", "eu-1"],
  ["through the edge", "edge-1"],
])("%s", (_way, machine) => {
  const to = (site: string, more: Partial<Call> = {}): Call => ({
    scheme: "https",
    to: lab.site.host(machine).address,
    host: `${site}.example.org`,
    ...more,
  });

  test("a visitor's address is what Cloudflare says, and all that the visitor says is gone", async () => {
    const claims = {
      "x-forwarded-for": "198.51.100.66",
      "x-real-ip": "198.51.100.66",
      "true-client-ip": "198.51.100.66",
      "x-forwarded-host": "evil.test",
      forwarded: "for=198.51.100.66",
      "cf-ipcity": "Nowhere",
    };
    const { headers } = seen(await call(proxy, to("acme", from(friend, claims))));
    expect(headers).toMatchObject({
      "x-forwarded-for": friend,
      "x-real-ip": friend,
      "x-forwarded-host": "acme.example.org",
      "x-forwarded-proto": "https",
    });
    expect(Object.keys(headers).filter((name) => /^(cf-|true-client-ip|forwarded$)/.test(name))).toEqual([]);
    expect(JSON.stringify(headers)).not.toContain("198.51.100.66");
  });

  test("the admin site opens to visitors whom Cloudflare names, and to nobody who names himself", async () => {
    const admin = (visitor: string) => to("acme-admin", from(visitor));
    const allowed = await calls(proxy, [admin(friend), admin("192.0.2.8"), to("acme-admin")]);
    expect(allowed.map(({ status }) => status)).toEqual([200, 403, 403]);
    const claimed = await calls(stranger, [
      admin(friend),
      to("acme-admin", { headers: { "x-forwarded-for": friend, "true-client-ip": friend } }),
    ]);
    expect(claimed.map(({ status }) => status)).toEqual([403, 403]);
    const { headers } = seen(await call(stranger, to("acme", from(friend))));
    expect(headers["x-forwarded-for"]).toBe(stranger.address);
  });

  test("sign-in attempts are counted by visitor, not by Cloudflare's address", async () => {
    const attempt = (visitor: string) => to("acme", { ...from(visitor), method: "POST", path: "/login" });
    const guesser = `192.0.2.${machine === "eu-1" ? 20 : 21}`;
    const many = await calls(proxy, Array<Call>(6).fill(attempt(guesser)));
    expect(many.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(await call(proxy, attempt("192.0.2.30"))).toMatchObject({ status: 200 });
    // Another name for himself does not give a stranger new attempts.
    const spoofed = Array.from({ length: 6 }, (_, index) => attempt(`192.0.2.${100 + index}`));
    const answers = await calls(stranger, spoofed);
    expect(answers.at(-1)).toMatchObject({ status: 429 });
  });
});
