import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ensureRegistry } from "../../../lab/docker/registry.ts";
import { LabSite } from "../../../lab/hosts/site.ts";
import { ensureImages } from "../../../lab/images/images.ts";
import type { RunResult } from "../../../lab/stack/fleetStack.ts";
import { ConnectionLog, closeConnections, sshHost } from "../../harness/sshConnections.ts";
import { LoadProject } from "./load/project.ts";

/*
 * What fifty tenants do to the way to one host with sshd as Debian ships it (MaxSessions 10, MaxStartups 10:30:100),
 * when Pulumi does 64 things at a time. Every command finds no connection open, as the first one of a shift does.
 */

const tenants = 50;
const perTenant = 8;
const resources = (count: number) => new RegExp(`^ +(\\S )?${count} (created|unchanged|deleted)$`, "m");

let site: LabSite;
let project: LoadProject;
let log: ConnectionLog;

beforeAll(async () => {
  site = await LabSite.open([{ name: "eu-1" }]);
  const { caddy, firewall } = await ensureImages(await ensureRegistry());
  const host = sshHost(site.host("eu-1"), site.identityFile);
  project = await LoadProject.make({ host, images: { caddy, firewall }, tenants, gateSeconds: 3 });
});
beforeEach(async () => {
  await closeConnections(sshHost(site.host("eu-1"), site.identityFile));
  log = await ConnectionLog.of(site.host("eu-1"));
});
afterAll(async () => {
  if (site) await closeConnections(sshHost(site.host("eu-1"), site.identityFile));
  await project?.remove();
  await site?.close();
});

/** It went well, and sshd has turned nobody away. A dozen connections are for 64 at a time, eight on each. */
async function unhindered(name: string, run: Promise<RunResult>, count: number): Promise<void> {
  const start = Date.now();
  const { exitCode, output } = await run;
  expect(output).not.toContain("error:");
  expect(exitCode).toBe(0);
  expect(output).toMatch(resources(count));
  const { accepted, dropped } = await log.news();
  console.info(
    `${name}: ${count} resources, ${accepted} connections, ${Math.round((Date.now() - start) / 1000)} s`,
  );
  expect(dropped).toEqual([]);
  expect(accepted).toBeLessThanOrEqual(24);
}

/** The host itself, with its stack: provider, reach, two images, two volumes, Caddy and the firewall with a script each. */
const ofHost = 12;

test("up", () => unhindered("up", project.manage("up"), tenants * perTenant + ofHost));
test("an up without a change", () =>
  unhindered("up again", project.manage("up", "--expect-no-changes"), tenants * perTenant + ofHost));
test("refresh, which runs no program", () =>
  unhindered("refresh", project.manage("refresh"), tenants * perTenant + ofHost));
test("destroy, which runs none either", () =>
  unhindered("destroy", project.manage("destroy"), tenants * perTenant + ofHost));
