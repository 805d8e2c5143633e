import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { onDocker } from "../../../backends/docker/tenant.ts";
import { noTrials, trials, trialsOf, tries, tryFunction } from "../../../backends/docker/trials.ts";
import { planTenant } from "../../../fleet/tenant/plan.ts";
import { probe } from "../../../fleet/tenant/services/probe.ts";
import { config, host, tenant } from "../../fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-trials-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const planned = (name: string, state: "active" | "suspended" = "active") =>
  onDocker(planTenant(tenant(name, { state }), host, config), host);

test("tenants that run are tried as their last gate tries them, those that are closed are not", () => {
  expect(trialsOf([planned("acme"), planned("closed", "suspended"), planned("bigcorp")])).toEqual({
    tenants: [
      { tenant: "acme", container: "acme-athena" },
      { tenant: "bigcorp", container: "bigcorp-athena" },
    ],
    command: probe.command,
  });
  expect(trialsOf([planned("closed", "suspended")])).toEqual(noTrials);
});

test("what comes of it is printed by tenant, and of one that nobody could try, nothing", () => {
  const docker = `#!/bin/sh
echo >> ${folder}/$2
case $2 in
good-*) [ "$4" = "it's" ] ;;
soon-*) [ $(wc -l < ${folder}/soon-athena) = 2 ] ;;
bad-*) echo "fault: hydra gives no token: 500"; exit 1 ;;
*) echo "container is not running" >&2; exit 126 ;;
esac
`;
  writeFileSync(join(folder, "docker"), docker);
  chmodSync(join(folder, "docker"), 0o755);
  const tenants = ["good", "soon", "bad", "down"].map((tenant) => ({
    tenant,
    container: `${tenant}-athena`,
  }));
  const asked = { tenants, command: ["sh", "it's"] };
  const script = [tryFunction(asked).replaceAll("sleep 2", "sleep 0"), ...tries(asked), ""].join("\n");
  const { stdout } = spawnSync("sh", ["-s"], {
    input: script,
    env: { PATH: `${folder}:${process.env.PATH}` },
    encoding: "utf8",
  });
  expect(trials(stdout.split("\n"))).toEqual(
    new Map([
      ["good", { isGood: true }],
      ["soon", { isGood: true }],
      ["bad", { isGood: false, complaint: "hydra gives no token: 500" }],
    ]),
  );
});
