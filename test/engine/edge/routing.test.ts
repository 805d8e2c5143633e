import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SiteVisitor } from "../../../lab/hosts/visitor.ts";
import { type Answer, type Call, call, calls, proxyHeader, proxyLine } from "./call.ts";
import { EdgeLab } from "./edgeLab.ts";
import { Recorder } from "./recorder.ts";

let lab: EdgeLab;
let visitor: SiteVisitor;
let stranger: SiteVisitor;
let edge: string;

const tenants = () => ({
  acme: { host: "eu-1", domains: ["login.acme.test"], allow: [`${visitor.address}/32`] },
  globex: { host: "eu-1" },
  bigcorp: { host: "eu-2" },
});

beforeAll(async () => {
  lab = await EdgeLab.open({
    acme: { host: "eu-1", domains: ["login.acme.test"] },
    globex: { host: "eu-1" },
    bigcorp: { host: "eu-2" },
  });
  visitor = await lab.site.visitor();
  stranger = await lab.site.visitor();
  await lab.serve(tenants());
  await lab.reload("eu-1");
  edge = lab.edge.address;
});
afterAll(() => lab?.close());

/** What the tenant's service says of the request that reached it. */
const seen = ({ text }: Answer) => JSON.parse(text) as { upstream: string; headers: Record<string, string> };
const login = (tenant: string, more: Partial<Call> = {}): Call => ({
  scheme: "https",
  to: edge,
  host: `${tenant}.example.org`,
  ...more,
});

describe("a name leads to its tenant's host", () => {
  test.each([
    ["acme.example.org", "eu-1"],
    ["acme-api.example.org", "eu-1"],
    ["login.acme.test", "eu-1"],
    ["globex.example.org", "eu-1"],
    ["bigcorp.example.org", "eu-2"],
    ["bigcorp-api.example.org", "eu-2"],
  ])("%s to %s, with that host's own certificate", async (host, home) => {
    const other = home === "eu-1" ? "eu-2" : "eu-1";
    const [own, foreign] = await calls(visitor, [
      { scheme: "https", to: edge, host, authority: await lab.authority(home) },
      { scheme: "https", to: edge, host, authority: await lab.authority(other) },
    ]);
    expect(own).toMatchObject({ status: 200, isTrusted: true, names: `DNS:${host}` });
    expect(foreign).toMatchObject({ status: 200, isTrusted: false });
  });

  test("in capitals as well", async () => {
    const answers = await calls(visitor, [
      login("acme", { sni: "ACME.Example.ORG" }),
      { scheme: "http", to: edge, host: "ACME.example.ORG" },
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 308]);
  });

  test("by plain HTTP to the redirect, and to whatever else its host answers there", async () => {
    expect(
      await call(visitor, { scheme: "http", to: edge, host: "acme.example.org", path: "/x?y" }),
    ).toMatchObject({
      status: 308,
      headers: { location: "https://acme.example.org/x?y" },
    });
  });

  test("QUIC, which does not pass the edge, is not offered", async () => {
    expect((await call(visitor, login("acme"))).headers).not.toHaveProperty("alt-svc");
  });

  test("and the edge has no certificate but one of its own that nobody vouches for", async () => {
    const files = await lab.edge.run("find", "/run/data", "-name", "*.crt");
    const names = files.split("\n").map((file) => file.split("/").at(-1));
    expect(names.sort()).toEqual(["edge.invalid.crt", "intermediate.crt", "root.crt"]);
  });
});

describe("a visitor's address", () => {
  test("reaches the tenant, whatever the visitor claims", async () => {
    const claimed = { "x-forwarded-for": "192.0.2.1", "x-real-ip": "192.0.2.1", forwarded: "for=192.0.2.1" };
    const { headers } = seen(await call(visitor, login("acme", { headers: claimed })));
    expect(headers["x-forwarded-for"]).toBe(visitor.address);
    expect(headers["x-real-ip"]).toBe(visitor.address);
  });

  test("opens the admin site to whom it is open, and to nobody who claims to be", async () => {
    const admin: Call = { scheme: "https", to: edge, host: "acme-admin.example.org" };
    expect(await call(visitor, admin)).toMatchObject({ status: 200 });
    const claims = ["x-forwarded-for", "x-real-ip", "client-ip", "true-client-ip"];
    const answers = await calls(stranger, [
      admin,
      ...claims.map((claim) => ({ ...admin, headers: { [claim]: visitor.address } })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
  });

  test("is what sign-in attempts are counted by", async () => {
    const attempt = login("globex", { method: "POST", path: "/login" });
    const many = await calls(visitor, Array<Call>(6).fill(attempt));
    expect(many.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(await call(stranger, attempt)).toMatchObject({ status: 200 });
  });
});

describe("past the edge", () => {
  const direct = (more: Partial<Call> = {}): Call => ({
    scheme: "https",
    to: lab.site.host("eu-1").address,
    host: "acme-admin.example.org",
    ...more,
  });

  test("a visitor is served under the own address", async () => {
    expect(await call(visitor, direct())).toMatchObject({ status: 200 });
    expect(await call(stranger, direct())).toMatchObject({ status: 403 });
  });

  test.each(["https", "http"] as const)("nobody's PROXY header is believed: %s", async (scheme) => {
    for (const before of [proxyHeader(visitor.address), proxyLine(visitor.address)]) {
      const answer = await call(stranger, direct({ scheme, before }));
      expect([0, 400]).toContain(answer.status);
      expect(answer.text).not.toContain("upstream");
    }
  });

  test("not through the edge either: a header of a visitor's own leads nowhere", async () => {
    for (const before of [proxyHeader(visitor.address), proxyLine(visitor.address)]) {
      const answers = await calls(stranger, [
        direct({ to: edge, before, patienceMs: 12_000 }),
        direct({ to: edge, before, scheme: "http", patienceMs: 12_000 }),
      ]);
      for (const { text } of answers) expect(text).not.toContain("upstream");
    }
  }, 60_000);
});

describe("a name of no tenant", () => {
  const nobody: readonly Call[] = [
    { scheme: "https", to: "", host: "nobody.example.org" },
    { scheme: "https", to: "", host: "example.org" },
    { scheme: "https", to: "", host: "acme.example.org.evil.test" },
    { scheme: "https", to: "", sni: null, host: "acme.example.org" },
    { scheme: "https", to: "", sni: null },
    { scheme: "http", to: "", host: "nobody.example.org" },
    { scheme: "http", to: "", host: "" },
    { scheme: "http", to: "" },
  ];

  test("is answered by the edge, and no host hears of it", async () => {
    await lab.stopCaddy("eu-1");
    const recorder = await Recorder.start(lab.site.host("eu-1"));
    try {
      const answers = await calls(
        visitor,
        nobody.map((one) => ({ ...one, to: edge })),
      );
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404, 404, 404]);
      const secure = answers.slice(0, 5);
      expect(secure.map(({ names }) => names)).toEqual(Array(5).fill("DNS:edge.invalid"));
      await call(visitor, {
        scheme: "https",
        to: edge,
        host: "x",
        before: Buffer.from("rubbish\r\n").toString("base64"),
      });
      expect(await recorder.heard()).toEqual([]);

      await call(visitor, login("acme", { patienceMs: 500 }));
      const [header = ""] = await recorder.heard();
      expect(header.startsWith(claimOf(visitor))).toBe(true);
    } finally {
      await recorder.stop();
      await lab.startCaddy("eu-1");
    }
  });
});

/** The beginning of a PROXY header with the visitor's address, in hexadecimal digits. */
function claimOf({ address }: SiteVisitor): string {
  const digits = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
  return `0d0a0d0a000d0a515549540a2111000c${digits.join("")}`;
}
