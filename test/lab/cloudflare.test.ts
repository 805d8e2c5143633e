import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LabCloudflare } from "../../lab/cloudflare/server.ts";
import { LabZone } from "../../lab/cloudflare/zone.ts";

const token = "editor-of-the-zone-0123456789-0123456789";
const reader = "reader-of-the-zone-0123456789-0123456789";
const stranger = "stranger-to-the-zone-0123456789-01234567";

let zone: LabZone;
let api: LabCloudflare;
beforeAll(async () => {
  zone = new LabZone("example.com", 20);
  api = await LabCloudflare.start([zone], {
    [token]: { zones: [zone.id], mayEdit: true },
    [reader]: { zones: [zone.id], mayEdit: false },
    [stranger]: { zones: [], mayEdit: true },
  });
});
afterAll(() => api.close());
beforeEach(() => {
  for (const { id } of zone.records) zone.delete(id);
});

interface Envelope {
  readonly success: boolean;
  readonly errors: readonly { code: number; error_chain?: readonly { code: number }[] }[];
  readonly result: unknown;
}

async function call(
  method: string,
  path: string,
  body?: object | string,
  headers: Readonly<Record<string, string>> = { authorization: `Bearer ${token}` },
) {
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const envelope = (await response.json()) as Envelope;
  const [error] = envelope.errors;
  const codes = error === undefined ? [] : [error.code, ...(error.error_chain ?? []).map(({ code }) => code)];
  return { status: response.status, codes, result: envelope.result, headers: response.headers };
}

const records = () => `/zones/${zone.id}/dns_records`;
const acme = { name: "acme.example.com", type: "A", content: "203.0.113.10", ttl: 300 };

describe("a record", () => {
  test("comes back whole, and goes", async () => {
    const made = await call("POST", records(), { ...acme, comment: "ours" });
    expect(made.status).toBe(200);
    const { id } = made.result as { id: string };
    const whole = { ...acme, id, proxied: false, proxiable: true, comment: "ours" };
    expect((await call("GET", `${records()}/${id}`)).result).toMatchObject(whole);
    const put = await call("PUT", `${records()}/${id}`, { ...acme, content: "203.0.113.11" });
    expect(put.result).toMatchObject({ id, content: "203.0.113.11", comment: null });
    const patched = await call("PATCH", `${records()}/${id}`, { content: "203.0.113.12" });
    expect(patched.result).toMatchObject({ id, name: acme.name, ttl: 300, content: "203.0.113.12" });
    expect((await call("DELETE", `${records()}/${id}`)).result).toEqual({ id });
    for (const method of ["GET", "DELETE"]) {
      expect(await call(method, `${records()}/${id}`)).toMatchObject({ status: 404, codes: [81044] });
    }
  });

  test.each<[string, object, object]>([
    [
      "a name outside the zone is taken for one below it",
      { name: "acme.test" },
      { name: "acme.test.example.com" },
    ],
    ["a name in capitals, with a dot", { name: "ACME.example.com." }, { name: "acme.example.com" }],
    ["the zone itself", { name: "@" }, { name: "example.com" }],
    ["what is proxied has no time to live of its own", { proxied: true }, { ttl: 1, proxied: true }],
    ["an IPv6 address", { type: "AAAA", content: "2001:DB8:0:0::10" }, { content: "2001:db8::10" }],
    ["a private address cannot be proxied", { content: "10.0.0.1" }, { proxiable: false }],
    ["a CNAME", { type: "CNAME", content: "EU-1.example.net." }, { content: "eu-1.example.net" }],
  ])("%s", async (_what, change, answered) => {
    expect(await call("POST", records(), { ...acme, ...change })).toMatchObject({
      status: 200,
      result: answered,
    });
  });

  test.each<[object, number[]]>([
    [{ content: "203.0.113.256" }, [9005]],
    [{ type: "AAAA" }, [9006]],
    [{ type: "CNAME" }, [1004, 9007]],
    [{ type: "CNAME", content: "acme.example.com" }, [9039]],
    [{ name: "-acme.example.com" }, [9000]],
    [{ name: undefined }, [1004, 9000]],
    [{ ttl: 30 }, [1004, 9021]],
    [{ ttl: "300" }, [1004, 9020]],
    [{ proxied: "yes" }, [1004, 9003]],
    [{ proxied: true, content: "10.0.0.1" }, [9003]],
    [{ type: "TXT", proxied: true }, [1004, 9004]],
    [{ comment: "x".repeat(101) }, [9313]],
    [{ tags: ["owner:ops"] }, [1004, 9300]],
  ])("%o is refused", async (change, codes) => {
    expect(await call("POST", records(), { ...acme, ...change })).toMatchObject({ status: 400, codes });
    expect(zone.records).toEqual([]);
  });

  test("may have a second address, but not twice the same", async () => {
    await call("POST", records(), acme);
    expect((await call("POST", records(), { ...acme, content: "203.0.113.11" })).status).toBe(200);
    expect((await call("POST", records(), { ...acme, ttl: 60 })).codes).toEqual([81058]);
  });

  test("is either addresses or a name", async () => {
    const { result } = await call("POST", records(), acme);
    const cname = { ...acme, type: "CNAME", content: "eu-1.example.net" };
    expect((await call("POST", records(), cname)).codes).toEqual([81053]);
    expect((await call("PUT", `${records()}/${(result as { id: string }).id}`, cname)).status).toBe(200);
    expect((await call("POST", records(), acme)).codes).toEqual([81054]);
    expect((await call("POST", records(), { ...cname, content: "eu-2.example.net" })).codes).toEqual([81053]);
  });

  test("is one of as many as the plan allows", async () => {
    for (let index = 0; index < 20; index++) {
      expect((await call("POST", records(), { ...acme, name: `t${index}` })).status).toBe(200);
    }
    expect((await call("POST", records(), acme)).codes).toEqual([81045]);
  });
});

describe("who asks", () => {
  test.each<[Readonly<Record<string, string>>, number, number[]]>([
    [{}, 400, [9106]],
    [{ authorization: "Bearer short" }, 400, [6003, 6111]],
    [{ authorization: `Bearer ${"x".repeat(40)}` }, 403, [9109]],
    [{ authorization: `Bearer ${stranger}` }, 403, [10000]],
    [{ authorization: `Bearer ${reader}` }, 403, [10000]],
  ])("%o", async (headers, status, codes) => {
    expect(await call("POST", records(), acme, headers)).toMatchObject({ status, codes });
  });

  test("a token that may read reads", async () => {
    expect((await call("GET", records(), undefined, { authorization: `Bearer ${reader}` })).status).toBe(200);
  });
});

describe("a list", () => {
  test("comes in pages and by name", async () => {
    for (const name of ["a", "b", "c", "a.id", "b.id"]) await call("POST", records(), { ...acme, name });
    const names = ({ result }: { result: unknown }) => (result as { name: string }[]).map(({ name }) => name);
    expect(names(await call("GET", `${records()}?per_page=2&page=3`))).toEqual(["c.example.com"]);
    expect(names(await call("GET", `${records()}?per_page=2&page=4`))).toEqual([]);
    expect(names(await call("GET", `${records()}?name.endswith=.id.example.com`))).toEqual([
      "a.id.example.com",
      "b.id.example.com",
    ]);
  });
});

describe("what is no record at all", () => {
  test.each<[string, string, object | string | undefined, number, number[]]>([
    ["GET", "/user", undefined, 400, [7000]],
    ["GET", "/zones/example.com/dns_records", undefined, 404, [7003]],
    ["GET", `/zones/${"0".repeat(32)}/dns_records`, undefined, 403, [10000]],
    ["POST", "", "{", 400, [6007]],
    ["PUT", "", acme, 405, [10405]],
  ])("%s %s %o", async (method, path, body, status, codes) => {
    expect(await call(method, path === "" ? records() : path, body)).toMatchObject({ status, codes });
  });
});

test("too many requests, and an outage", async () => {
  api.throttle(1, 300);
  await call("GET", records());
  const refused = await call("GET", records());
  expect(refused).toMatchObject({ status: 429, codes: [971] });
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  api.throttle(1200, 300);
  api.fail(502);
  expect((await fetch(`${api.url}${records()}`)).status).toBe(502);
  api.fail(undefined);
});
