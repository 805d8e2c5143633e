import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SiteVisitor } from "../../../lab/hosts/visitor.ts";
import { type Answer, type Call, calls } from "./call.ts";
import { EdgeLab } from "./edgeLab.ts";
import { Line } from "./line.ts";

// Admin sites alone take a connection that is upgraded.
const allow = ["0.0.0.0/0"];

let lab: EdgeLab;
let visitor: SiteVisitor;

beforeAll(async () => {
  lab = await EdgeLab.open({ acme: { host: "eu-1", allow }, bigcorp: { host: "eu-2", allow } });
  visitor = await lab.site.visitor();
});
afterAll(() => lab?.close());

const to = (tenant: string, more: Partial<Call> = {}): Call => ({
  scheme: "https",
  to: lab.edge.address,
  host: `${tenant}.example.org`,
  headers: { connection: "keep-alive" },
  patienceMs: 1_500,
  ...more,
});
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);
const names = ["bigcorp", "bigcorp-api", "bigcorp-admin"];

/** Asks until the answers are these, and returns after how many seconds they were. */
async function until(list: readonly Call[], wanted: readonly number[], seconds: number): Promise<number> {
  const start = Date.now();
  for (;;) {
    const got = statuses(await calls(visitor, list));
    const passed = (Date.now() - start) / 1000;
    if (JSON.stringify(got) === JSON.stringify(wanted)) return passed;
    if (passed > seconds) throw new Error(`after ${passed} s: ${got}`);
    await sleep(100);
  }
}

async function expectOnlyEu2IsGone() {
  const secure = await calls(
    visitor,
    names.map((name) => to(name)),
  );
  // It ends the connection, so that anyone who comes again is led again.
  expect(secure.map(({ status, names, headers }) => [status, names, headers.connection])).toEqual(
    Array(3).fill([502, "DNS:edge.invalid", "close"]),
  );
  const plain = await calls(
    visitor,
    names.map((name) => to(name, { scheme: "http" })),
  );
  expect(statuses(plain)).toEqual([502, 502, 502]);
  // Nobody waits: neither for the host that is gone nor for the others.
  for (const { ms } of [...secure, ...plain]) expect(ms).toBeLessThan(1_000);
  const others = await calls(visitor, [to("acme"), to("acme", { scheme: "http" })]);
  expect(statuses(others)).toEqual([200, 308]);
}

describe("a host that refuses connections", () => {
  test("is 502 at once, for its names alone, and serves again when it is back", async () => {
    await lab.stopCaddy("eu-2");
    await expectOnlyEu2IsGone();
    await lab.startCaddy("eu-2");
    expect(await until([to("bigcorp"), to("bigcorp", { scheme: "http" })], [200, 308], 6)).toBeLessThan(4);
  });
});

describe("a host that is silent", () => {
  test("is 502 within seconds, for its names alone, and serves again when it is back", async () => {
    const [to1, to2] = [
      await Line.open(visitor, lab.edge.address, "acme-admin.example.org"),
      await Line.open(visitor, lab.edge.address, "bigcorp-admin.example.org"),
    ];
    const host = lab.site.host("eu-2");
    await host.unplug();
    // Who comes before anybody has noticed waits for some seconds.
    expect(statuses(await calls(visitor, [to("bigcorp", { patienceMs: 10_000 })]))).toEqual([502]);
    expect(await until([to("bigcorp"), to("bigcorp", { scheme: "http" })], [502, 502], 6)).toBeLessThan(4);
    await expectOnlyEu2IsGone();
    // What was open to it is cut, so that nobody waits for an answer that cannot come.
    await to2.cut();
    expect(await to2.close()).toMatchObject({ isOpen: false });
    await host.plug();
    expect(await until([to("bigcorp"), to("bigcorp", { scheme: "http" })], [200, 308], 6)).toBeLessThan(4);
    expect(await to1.close()).toMatchObject({ isOpen: true, end: "" });
  });
});
