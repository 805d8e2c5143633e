import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firewallContainer } from "../../../backends/docker/names.ts";
import { isOlder } from "../../../hosts/engines.ts";
import { registryDir } from "../../../lab/docker/registry.ts";
import { variantOf } from "../../../lab/images/publish.ts";
import { drift } from "../../harness/fleetCommand.ts";
import { secondsUntilRuled } from "../../harness/hostRules.ts";
import { Prober } from "../../harness/prober.ts";
import { reachFrom } from "../../harness/reach.ts";
import { listeningAt } from "../../harness/tenantAddresses.ts";
import { IsolationStage } from "./isolation/stage.ts";

/** Isolation is the fleet's own rules, whatever becomes of Docker's and of everybody else's. */

const docker = ["filter", "nat"];
const all = ["filter", "nat", "mangle", "raw", "security"];

let stage: IsolationStage;
let restore: () => Promise<unknown>;
beforeAll(async () => {
  stage = await IsolationStage.open();
  restore = await stage.remembered();
});
afterAll(() => stage?.close());

test("nothing that is closed answers", async () => {
  expect(await stage.open()).toEqual([]);
});

describe("somebody flushes", () => {
  test.each([
    ["Docker's chains", docker],
    ["all that the usual script does", [...docker, "mangle", "raw"]],
    ["the other of our two tables", [...docker, "security"]],
  ])("%s: at no time anything answers", async (_, tables) => {
    const prober = await Prober.start(stage.probed, "acme-kratos", stage.closed);
    await stage.flush(...tables);
    expect(await stage.open()).toEqual([]);
    expect(await prober.stop()).toEqual([]);
    await restore();
  });

  test("every table: closed within the second of the watch, connections that were made meanwhile with it", async () => {
    const prober = await Prober.start(stage.probed, "acme-kratos", stage.closed);
    const start = Date.now();
    await stage.flush(...all);
    await secondsUntilRuled(stage.probed.dockerHost, stage.fleet.images.firewall, 20);
    expect(await stage.open()).toEqual([]);
    const answered = await prober.stop();
    const seconds = answered.map(({ at }) => (at - start) / 1000);
    // The second, and what a busy machine takes to look.
    expect(Math.max(0, ...seconds)).toBeLessThan(5);
    await restore();
  });
});

test("a tenant's own services reach each other all the while, and Kratos the outside", async () => {
  await stage.flush(...docker);
  const listening = await listeningAt(stage.fleet.engine("eu-1"), "acme");
  const found = await reachFrom(stage.probed, "acme-kratos", listening);
  expect(Object.values(found)).toEqual(listening.map(() => "open"));
  await restore();
});

test("another image of the firewall comes while nothing of Docker's is there: at no time anything answers", async () => {
  const { fleet } = stage;
  const other = await variantOf(registryDir, fleet.images.firewall, "other", {
    Labels: { other: "yes" },
  });
  const file = join(fleet.folder, "releases.yaml");
  await stage.flush(...docker);
  const prober = await Prober.start(stage.probed, "acme-kratos", stage.closed);
  await writeFile(file, (await readFile(file, "utf8")).replace(fleet.images.firewall, other));
  const { output } = await fleet.up();
  expect(output).toMatch(/eu-1-firewall replaced/);
  expect(await prober.stop()).toEqual([]);
  expect(await stage.open()).toEqual([]);
  await restore();
});

describe("while the firewall is stopped", () => {
  beforeAll(async () => {
    await stage.docker("stop", firewallContainer);
  });

  test("its rules stay", async () => {
    await stage.flush(...docker);
    expect(await stage.open()).toEqual([]);
  });

  test("and without any rule everything is open: what is closed above is closed by them", async () => {
    await stage.flush(...all);
    const open = await stage.open();
    for (const what of ["kratos 10.*:5432 open", "kratos 169.254.77.2:7777 open", "outside 10.*:5001 open"]) {
      expect(open).toContainEqual(expect.stringMatching(new RegExp(what)));
    }
    expect(open).toContainEqual(expect.stringMatching(/^kratos fd77:1::2:5432 /));
    expect(open).toContainEqual(expect.stringMatching(/^hera 10\S+:7777 open/));
  });

  test("drift tells, and an up closes all of it again", async () => {
    const { exitCode, out } = await drift(stage.fleet);
    expect(exitCode).toBe(1);
    expect(out).toContain(`${firewallContainer} was stopped`);
    await restore();
    await stage.flush(...all);
    await stage.fleet.up("--refresh");
    expect(await stage.open()).toEqual([]);
  });
});

describe("the network of a tenant is removed by hand", () => {
  const received = () => readFile(join(stage.fleet.site.folder, "gateway.log"), "utf8");

  beforeAll(async () => {
    await stage.removeInternalNetwork("acme");
    await stage.answerAsGateway("acme");
  });

  test("and the default gateway answers at its addresses", async () => {
    const { upstream } = stage.login("acme");
    const found = await stage.host.run("curl", "-sS", "--max-time", "5", `http://${upstream}/login?control`);
    expect(found).toBe("mine");
    expect(await received()).toContain("GET /login?control");
  });

  test.each([0, 1])("with ip_nonlocal_bind=%i Caddy says 502, and the password stays here", async (bind) => {
    await stage.host.run("sysctl", "-qw", `net.ipv4.ip_nonlocal_bind=${bind}`);
    const visitor = await stage.fleet.visitor("eu-1");
    const form = { identifier: "ada@people.example", password: "correct horse" };
    for (const name of ["acme", "acme-api"]) {
      expect((await visitor.call(`https://${name}.localhost/login`, { form })).status, name).toBe(502);
    }
    expect(await received()).not.toContain("POST");
  });
});

describe("dockerd is restarted under live-restore", () => {
  test("drift tells of health that nobody looks at, where Docker is older than 23", async () => {
    const { host } = stage;
    const file = join(stage.fleet.site.folder, "eu-1", "daemon.json");
    await writeFile(
      file,
      JSON.stringify({ ...JSON.parse(await readFile(file, "utf8")), "live-restore": true }),
    );
    await host.run("sh", "-c", "kill -HUP $(cat /run/docker.pid)");
    await expect.poll(() => stage.docker("info", "--format", "{{.LiveRestoreEnabled}}")).toBe("true");
    await host.engine.stop();
    await host.engine.start();
    await sleep(65_000); // three of the host's intervals, and what a busy host may be late
    const { out } = await drift(stage.fleet);
    const version = await stage.docker("version", "--format", "{{.Server.Version}}");
    const told = /has not looked at the health of [^.]*bigcorp-kratos[^.]* since/;
    if (isOlder(version, "23")) expect(out.replace(/\s+/g, " ")).toMatch(told);
    else expect(out).not.toContain("has not looked at");
  });
});
