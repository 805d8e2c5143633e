import { readFileSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LabHost } from "../../../lab/hosts/host.ts";
import { containersOf } from "../../harness/containers.ts";
import { ManyHostsFleet } from "../../harness/manyHosts.ts";
import { changes, fleetFile } from "../../harness/testFleet.ts";

const page = readFileSync(new URL("../../../docs/runbooks/host-gone.md", import.meta.url), "utf8");

/** The one block of the runbook that holds these words. */
function block(words: string): string {
  const found = [...page.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].flatMap(([, indent = "", text = ""]) =>
    text.includes(words) ? [text.replaceAll(new RegExp(`^${indent}`, "gm"), "")] : [],
  );
  expect(found).toHaveLength(1);
  return found[0] ?? "";
}

let fleet: ManyHostsFleet;
beforeAll(async () => {
  fleet = await ManyHostsFleet.prepare({
    tenants: fleetFile({ bigcorp: { host: "eu-2" } }),
    hosts: [{ name: "eu-2" }],
    spares: [{ name: "new-machine" }, { name: "other-machine" }],
    config: { protectData: true },
  });
  await fleet.up();
});
afterAll(() => fleet?.close());

const psql = (host: LabHost, database: string, query: string) =>
  host.run("docker", "exec", "bigcorp-postgres", "psql", "-U", "postgres", "-d", database, "-Atc", query);

/** What people and applications of the tenant would miss. */
const data = async (host: LabHost) => ({
  people: await psql(host, "kratos", "select id from identities order by id"),
  keys: (
    await host.run(
      ...["docker", "exec", "bigcorp-hydra", "wget", "-q", "-O", "-"],
      "http://127.0.0.1:5002/.well-known/jwks.json",
    )
  ).match(/"kid":"[^"]+"/g),
});

/** A new machine takes the host's place in the configuration. */
const moveTo = async ({ sshAddress, hostKey, address }: LabHost) =>
  fleet.configureHost("eu-2", { address: sshAddress, hostKey, publicAddress: [address] });

describe("the machine is lost, and another takes its place", () => {
  let before: Awaited<ReturnType<typeof data>>;
  let dumps: Uint8Array;

  beforeAll(async () => {
    const old = fleet.host("eu-2");
    before = await data(old);
    expect(before.people).not.toBe("");
    await old.run("sh", "-ec", block("pg_dump"));
    const copied = await execa(...old.at("tar", "-C", "/root/dumps", "-c", "."), { encoding: "buffer" });
    dumps = copied.stdout;
    await old.cutPower();
  });

  test("a preview needs no host, and a refresh forgets nothing", async () => {
    expect((await fleet.stack.preview()).exitCode).toBe(0);
    const { exitCode, output } = await fleet.stack.refresh();
    expect(exitCode).not.toBe(0);
    expect(output).not.toMatch(/\bdeleted?\b/);
  });

  test("a run on the new machine begins nothing empty", async () => {
    await moveTo(fleet.host("new-machine"));
    const { exitCode, output } = await fleet.stack.up({ args: ["--refresh", "--run-program"] });
    expect(exitCode).not.toBe(0);
    expect(output).toContain("volume bigcorp-postgres is gone, and with it all data of bigcorp.");
    await fleet.host("new-machine").run("sh", "-ec", block("docker volume create"));
  });

  test("one run makes everything on the new machine, with the old keys", async () => {
    expect(block("--run-program")).toContain("pulumi up --stack prod --refresh --run-program");
    const { created, replaced, deleted } = changes(await fleet.up("--refresh", "--run-program"));
    expect([replaced, deleted]).toEqual([[], []]);
    expect(created).toContain("bigcorp-postgres");
    // Neither root key nor password: those are in the state.
    expect(created.filter((name) => /key|password/.test(name))).toEqual([]);
  });

  test("restored dumps are read with them: the same people, the same signing keys", async () => {
    const machine = fleet.host("new-machine");
    expect((await data(machine)).keys).not.toEqual(before.keys);
    await machine.run("mkdir", "-p", "/root/dumps");
    await execa(...machine.at("tar", "-C", "/root/dumps", "-x"), { input: dumps });
    await machine.run("sh", "-ec", `cd /root/dumps\n${block("pg_restore")}`);
    await expect.poll(() => data(machine).catch(() => undefined), { timeout: 60_000 }).toEqual(before);
    for (const step of ["kratos-migrate", "hydra-migrate"]) {
      expect(page).toContain(`$tenant-${step}`);
      await machine.run("docker", "start", "--attach", `bigcorp-${step}`);
    }
    await fleet.up("--refresh", "--expect-no-changes");
  });
});

test("its disk in another machine: the same containers go on, and nothing is made again", async () => {
  const old = fleet.host("new-machine");
  const machine = fleet.host("other-machine");
  const containers = await containersOf(fleet.engine("new-machine"));
  const before = { ids: [...containers].map(([name, { Id }]) => [name, Id]), ...(await data(old)) };
  await old.shutDown();
  const disk = (host: string) => join(fleet.site.folder, host, "docker");
  await machine.shutDown();
  await rm(disk("other-machine"), { recursive: true, force: true });
  await rename(disk("new-machine"), disk("other-machine"));
  await machine.boot();
  await moveTo(machine);
  const run = changes(await fleet.up());
  expect([run.created, run.replaced, run.deleted]).toEqual([[], [], []]);
  await expect
    .poll(() => data(machine).catch(() => undefined), { timeout: 60_000 })
    .toMatchObject({ keys: before.keys, people: before.people });
  const after = [...(await containersOf(fleet.engine("other-machine")))].map(([name, { Id }]) => [name, Id]);
  expect(after).toEqual(before.ids);
});
