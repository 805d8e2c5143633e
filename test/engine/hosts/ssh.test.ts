import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lives } from "../../harness/containers.ts";
import { ManyHostsFleet } from "../../harness/manyHosts.ts";
import { ConnectionLog, closeConnections, sshHost } from "../../harness/sshConnections.ts";
import { fleetFile } from "../../harness/testFleet.ts";
import { secretCases } from "./ssh/secret.cases.ts";
import { silentCases } from "./ssh/silent.cases.ts";
import type { Stage } from "./ssh/stage.ts";
import { trustCases } from "./ssh/trust.cases.ts";
import { watchCommandLines } from "./ssh/watch.ts";

const hosts = ["eu-1", "eu-2"] as const;
let fleet: ManyHostsFleet;
const commandLines = new Set<string>();

const stage: Stage = {
  get fleet() {
    return fleet;
  },
  commandLines,
  write: ({ acme = {}, bigcorp = {} } = {}) =>
    fleet.writeTenants(fleetFile({ acme: { host: "eu-1", ...acme }, bigcorp: { host: "eu-2", ...bigcorp } })),
  forget: async (name) => closeConnections(sshHost(fleet.host(name), fleet.site.identityFile)),
};

beforeAll(async () => {
  fleet = await ManyHostsFleet.prepare({
    tenants: fleetFile({ acme: { host: "eu-1" }, bigcorp: { host: "eu-2" } }),
    hosts: hosts.map((name) => ({ name })),
    config: { protectData: false },
  });
  await watchCommandLines(commandLines, fleet.up());
});
afterAll(async () => {
  for (const name of hosts) await stage.forget(name);
  await fleet?.close();
});

test("a second up changes nothing", async () => {
  await fleet.up("--expect-no-changes");
});

test("another host for a tenant that has data is refused, though data is not protected, and undone it is quiet", async () => {
  const before = await Promise.all(hosts.map((name) => lives(fleet.engine(name))));
  const text = fleetFile({ acme: { host: "eu-2" }, bigcorp: { host: "eu-2" } });
  await fleet.writeTenants(text);
  const place = `${join(dirname(fleet.stack.configFile), "tenants.yaml")}:1:${text.indexOf('"host"') + 1}`;
  for (const { exitCode, output } of [await fleet.stack.preview(), await fleet.stack.up()]) {
    expect(exitCode).not.toBe(0);
    expect(output.replaceAll(/^ +/gm, "")).toContain(
      `Refused, and nothing was touched:
${place}  tenants.acme.host: eu-2 is another host, and the tenant's data is on eu-1: it does not move, and the tenant would begin empty on eu-2. Write host: eu-1. No command moves data to another host yet.\n`,
    );
  }
  expect(await Promise.all(hosts.map((name) => lives(fleet.engine(name))))).toEqual(before);
  await stage.write();
  await fleet.up("--expect-no-changes");
});

describe("what is secret", () => secretCases(stage));
describe("who is trusted", () => trustCases(stage));
describe("a host that does not answer", () => silentCases(stage));

describe("the end", () => {
  test("destroy, which runs no program, signs in by itself and leaves nothing", async () => {
    for (const name of hosts) await stage.forget(name);
    const logs = await Promise.all(hosts.map((name) => ConnectionLog.of(fleet.host(name))));
    const { exitCode, output } = await fleet.stack.destroy({ args: ["--parallel", "64"] });
    expect(output).not.toContain("error:");
    expect(exitCode).toBe(0);
    for (const name of hosts) {
      expect(await fleet.engine(name).docker("ps", "--all", "--quiet")).toBe("");
      expect(await fleet.engine(name).docker("volume", "ls", "--quiet")).toBe("");
    }
    for (const log of logs) expect((await log.news()).dropped).toEqual([]);
  });
});
