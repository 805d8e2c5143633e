import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SiteVisitor } from "../../../lab/hosts/visitor.ts";
import { type Answer, type Call, call } from "./call.ts";
import { EdgeLab } from "./edgeLab.ts";
import { Line } from "./line.ts";
import { load } from "./load.ts";

// Admin sites alone take a connection that is upgraded.
const allow = ["0.0.0.0/0"];
const acme = { host: "eu-1", allow };
const bigcorp = { host: "eu-2", allow };
const globex = { host: "eu-1" };
const initech = { host: "eu-2" };

let lab: EdgeLab;
let visitor: SiteVisitor;

beforeAll(async () => {
  lab = await EdgeLab.open({ acme, bigcorp, globex, initech });
  visitor = await lab.site.visitor();
});
afterAll(() => lab?.close());

const visit = (tenant: string, more: Partial<Call> = {}) =>
  call(visitor, { scheme: "https", to: lab.edge.address, host: `${tenant}.example.org`, ...more });

test("a map that changes drops no connection, whether open, being made or to come", async () => {
  const lines = [
    await Line.open(visitor, lab.edge.address, "acme-admin.example.org"),
    await Line.open(visitor, lab.edge.address, "bigcorp-admin.example.org"),
  ];
  const names = ["acme.example.org", "bigcorp.example.org"];
  const visitors = load((...command) => visitor.at(...command), {
    ...{ to: lab.edge.address, names, visitors: 8, requests: 3, pauseMs: 10 },
  });
  for (let change = 0; change < 10; change++) {
    await lab.publish(change % 2 === 0 ? { acme, bigcorp, globex } : { acme, bigcorp, globex, initech });
    await sleep(300);
  }
  const { opened, failures } = await visitors.stop();
  expect(failures).toEqual({});
  expect(opened.length).toBeGreaterThan(100);
  for (const line of lines) {
    const { words, isOpen, end } = await line.close();
    expect({ isOpen, end }).toEqual({ isOpen: true, end: "" });
    expect(words).toBeGreaterThan(100);
  }
});

describe("a connection that is being made while the map changes", () => {
  /** The visitor's part of the handshake is kept back until the edge has another configuration. */
  async function overtaken(): Promise<Answer> {
    const acknowledgements = ["OUTPUT", "-p", "tcp", "--dport", "443", "--tcp-flags", "SYN,ACK", "ACK"];
    const firewall = (action: "-A" | "-D") =>
      visitor.run("iptables", action, ...acknowledgements, "-j", "DROP");
    await firewall("-A");
    const visiting = visit("acme");
    await sleep(500);
    await lab.publish({ acme, bigcorp, globex });
    await lab.publish({ acme, bigcorp });
    await firewall("-D");
    return visiting;
  }
  const prepare = (value: 0 | 1) =>
    lab.edge.run("sh", "-c", `echo ${value} > /proc/sys/net/ipv4/tcp_migrate_req`);
  afterAll(() => prepare(1));

  test("is finished on a machine that is prepared as docs/hosts.md says", async () => {
    expect(await overtaken()).toMatchObject({ status: 200 });
  });

  test("and is lost on one that is not, which is why", async () => {
    await prepare(0);
    expect(await overtaken()).toMatchObject({ status: 0, error: "ECONNRESET" });
  });
});

test("a new tenant is reached once it is in the map, and a name that has left it no more", async () => {
  await lab.publish({ acme, bigcorp });
  expect(await visit("globex")).toMatchObject({ status: 404 });
  await lab.publish({ acme, bigcorp, globex });
  expect(await visit("globex")).toMatchObject({ status: 200 });
  await lab.publish({ acme, bigcorp });
  expect(await visit("globex")).toMatchObject({ status: 404 });
});

test("a tenant that moves is found at its new host", async () => {
  await lab.publish({ acme, bigcorp });
  expect(await visit("acme", { authority: await lab.authority("eu-1") })).toMatchObject({ isTrusted: true });
  const moved = { host: "eu-2" };
  await lab.serve({ acme: moved });
  await lab.reload("eu-2");
  await lab.publish({ acme: moved, bigcorp });
  const [there, ...others] = ["eu-2", "eu-1"];
  expect(await visit("acme", { authority: await lab.authority(there ?? "") })).toMatchObject({
    status: 200,
    isTrusted: true,
  });
  expect(await visit("acme", { authority: await lab.authority(others[0] ?? "") })).toMatchObject({
    isTrusted: false,
  });
  expect(await visit("bigcorp")).toMatchObject({ status: 200 });
});

test("a map that Caddy refuses changes nothing", async () => {
  await lab.publish({ acme, bigcorp });
  await expect(lab.publish({ acme, bigcorp, "no such}name": globex })).rejects.toThrow();
  expect(await visit("acme")).toMatchObject({ status: 200 });
  await lab.publish({ acme, bigcorp });
});
