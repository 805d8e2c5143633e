import { describe, expect, test } from "vitest";
import { loginLimits } from "../../../fleet/tenant/limits.ts";
import { type BareRequest, bareVisit } from "../../harness/bareVisit.ts";
import { type LoginSite, names } from "../../harness/loginSite.ts";

const allowed = Object.fromEntries(loginLimits.map(({ name, requests }) => [name, requests]));
const { any = 0, mail = 0, sign_in: signIn = 0 } = allowed;
const action = { "next-action": "7f1c0ffee" };
const limited = 429;

let last = 0;
/** Somebody who was not here before. */
const newcomer = () => `192.0.2.${++last}`;

export function limitCases(stage: () => LoginSite): void {
  const visit = async (from: string, request: Partial<BareRequest> = {}) =>
    bareVisit({ name: names.login, port: stage().httpsPort, method: "POST", from, ...request });
  const status = async (...of: Parameters<typeof visit>) => (await visit(...of)).status;
  const statuses = async (count: number, ...of: Parameters<typeof visit>) => {
    const found: number[] = [];
    while (found.length < count) found.push(await status(...of));
    return found;
  };
  const times = (count: number) => Array.from({ length: count }, () => 200);

  describe("everything that is sent to a login site counts", () => {
    test("a form's action on any path: so many in a minute, then 429 with a time to wait, that no cache keeps", async () => {
      const guesser = newcomer();
      const request = { path: "/consent", headers: action };
      expect(await statuses(any, guesser, request)).toEqual(times(any));
      const refused = await visit(guesser, request);
      expect(refused).toMatchObject({ status: limited, headers: { "cache-control": "no-store" } });
      expect(Number(refused.headers["retry-after"])).toBeGreaterThan(30);
      expect(refused.text).toContain("Too many attempts");
      expect(await status(newcomer(), request)).toBe(200);
      expect(await status(guesser, { ...request, name: names.neighbour })).toBe(200);
      expect(await status(guesser, { method: "GET", path: "/login" })).toBe(200);
    });

    const ways: Record<string, Partial<BareRequest>> = {
      "the top": { path: "/" },
      "a path of nobody's": { path: "/nothing/at/all" },
      "a path that is hidden": { path: "/health" },
      "doubled slashes": { path: "//consent" },
      "an escaped slash": { path: "/a%2fb" },
      "a path that leads back": { path: "/a/../consent" },
      capitals: { path: "/CONSENT" },
      "a query": { path: "/consent?/login" },
      "a file's name": { path: "/_next/static/a.js" },
      PUT: { method: "PUT" },
      PATCH: { method: "PATCH" },
      DELETE: { method: "DELETE" },
      "a method of nobody's": { method: "FROB" },
      "a method in small letters": { method: "post" },
      "the method GET in small letters": { method: "get" },
      "a method that is said to be another": { headers: { "x-http-method-override": "GET" } },
      "an address of one's own choice": {
        headers: { "x-forwarded-for": "192.0.2.250", "cf-connecting-ip": "::1" },
      },
      "an action": { path: "/login", headers: action },
      "the tenant's own domain": { name: names.own },
      "HTTP/2": { isHttp2: true },
      "a WebSocket": { headers: { connection: "Upgrade", upgrade: "websocket" } },
    };
    test("no way of asking goes round it", async () => {
      const guesser = newcomer();
      await statuses(any, guesser, { path: "/consent" });
      const found: Record<string, number> = {};
      for (const [way, request] of Object.entries(ways)) found[way] = await status(guesser, request);
      expect(found).toEqual(Object.fromEntries(Object.keys(ways).map((way) => [way, limited])));
    });

    test("looking does not, and reaches the UI as what it is", async () => {
      const reader = newcomer();
      const claims = {
        "X-HTTP-Method-Override": "POST",
        "X-HTTP-Method": "POST",
        "X-Method-Override": "POST",
        "X-Middleware-Subrequest": "src/middleware",
        Upgrade: "websocket",
      };
      for (const method of ["GET", "HEAD", "OPTIONS"]) {
        expect(await statuses(any, reader, { method, path: "/login", headers: claims })).toEqual(times(any));
      }
      const { headers } = stage().seen.at(-1) ?? { headers: {} };
      for (const claim of Object.keys(claims)) expect(headers).not.toHaveProperty(claim.toLowerCase());
      expect(await status(reader)).toBe(200);
    });
  });

  describe("stricter where the path says what it is about", () => {
    const spellings = ["/login", "/login/", "/LOGIN?a=b", "//login", "/%6cogin", "/x/../login", "/login%2fx"];
    test("signing in", async () => {
      const guesser = newcomer();
      expect(await statuses(signIn, guesser, { path: "/login" })).toEqual(times(signIn));
      for (const path of [...spellings, "/self-service/login?flow=1"]) {
        expect([path, await status(guesser, { path })]).toEqual([path, limited]);
      }
      expect(await status(guesser, { path: "/login", name: names.own })).toBe(limited);
      expect(await status(guesser, { path: "/logout" })).toBe(200);
    });

    test("what sends mail: the pages and their twins in Kratos share one count", async () => {
      const sender = newcomer();
      const pages = ["recovery", "registration", "verification"].flatMap((page) => [
        `/${page}`,
        `/self-service/${page}?flow=1`,
        `//${page.toUpperCase()}/x`,
      ]);
      const found: number[] = [];
      for (let count = 0; count < mail; count++) {
        found.push(await status(sender, { path: pages[count % pages.length] ?? "" }));
      }
      expect(found).toEqual(times(mail));
      for (const path of pages) expect([path, await status(sender, { path })]).toEqual([path, limited]);
      const { headers } = await visit(sender, { path: "/recovery" });
      expect(Number(headers["retry-after"])).toBeGreaterThan(500);
      expect(await status(sender, { path: "/logout" })).toBe(200);
    });
  });

  describe("one visitor is one IPv4 address or one IPv6 /64", () => {
    const one: Record<string, readonly string[]> = {
      "addresses of one network": Array.from(
        { length: any },
        (_, host) => `2001:db8:1:2::${(host + 1).toString(16)}`,
      ),
      "zeros in the host's part": [
        "2001:db8:1:3::1",
        "2001:db8:1:3:a::",
        "2001:db8:1:3:a:b:c:d",
        "2001:db8:1:3:0:b:0:d",
      ],
      "a fourth group of zero": [
        "2001:db8:4::1",
        "2001:db8:4:0:1::",
        "2001:db8:4:0:1:2:3:4",
        "2001:db8:4:0:0:2:3:4",
      ],
      "two groups of zero": ["2001:db8::1:2:3:4", "2001:db8::9", "2001:db8:0:0:1::", "2001:db8:0:0:1:0:0:4"],
      "three groups of zero": ["2001::1", "2001::1:2:3:4", "2001:0:0:0:1::"],
      "a group behind the run": ["2002::5:1:2:3:4", "2002:0:0:5:1:0:0:4", "2002:0:0:5::1", "2002:0:0:5:1::"],
      "an IPv4 address and the same in an IPv6 one": ["203.0.113.77", "::ffff:203.0.113.77"],
    };
    test.each(Object.entries(one))("%s are one", async (_what, addresses) => {
      for (let count = 0; count < any; count++) {
        expect(await status(addresses[count % addresses.length] ?? "", { path: "/consent" })).toBe(200);
      }
      const found = await Promise.all(addresses.map((from) => status(from, { path: "/consent" })));
      expect(found).toEqual(addresses.map(() => limited));
    });

    test("neighbours are not", async () => {
      const neighbours = [
        "2001:db8:7:1::1",
        "2001:db8:7:2::1",
        "2001:db8:7::1",
        "2001:db8::7:1:2:3:4",
        "203.0.113.78",
        "::7",
      ];
      expect(await statuses(any, "2001:db8:7:1::1", { path: "/consent" })).toEqual(times(any));
      const found = await Promise.all(neighbours.map((from) => status(from, { path: "/consent" })));
      expect(found).toEqual([limited, 200, 200, 200, 200, 200]);
    });
  });

  describe("the other sites", () => {
    test("Athena passes on to Kratos without a sign-in: that counts as signing in at the login site", async () => {
      const administrator = "198.51.100.9";
      const proxied = { name: names.admin, path: "/api/kratos/self-service/login?flow=1" };
      expect(await statuses(signIn, administrator, proxied)).toEqual(times(signIn));
      expect(await status(administrator, { ...proxied, path: "/api/iam-kratos/self-service/login" })).toBe(
        limited,
      );
      expect(await status(administrator, { path: "/login" })).toBe(limited);
      expect(await status(administrator, { name: names.admin, path: "/clients" })).toBe(200);
    });

    test("Hydra's API takes what an application's server sends, and has an end", async () => {
      const server = newcomer();
      const token = { name: names.api, path: "/oauth2/token" };
      const asked = () => Promise.all(Array.from({ length: 50 }, () => status(server, token)));
      for (let round = 0; round < 12; round++) expect(new Set(await asked())).toEqual(new Set([200]));
      const refused = await visit(server, token);
      expect(refused).toMatchObject({ status: limited, headers: { "cache-control": "no-store" }, text: "" });
      expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
      expect(await status(server, { ...token, method: "GET", path: "/oauth2/auth" })).toBe(404);
    });

    test("no code of a device can be tried: no client has that grant", async () => {
      for (const path of [
        "/oauth2/device/verify?user_code=AAAA",
        "/oauth2/device/auth",
        "/oauth2//DEVICE/verify",
      ]) {
        const { status, text } = await visit(newcomer(), { name: names.api, method: "GET", path });
        expect([path, status, text]).toEqual([path, 404, ""]);
      }
    });
  });
}
