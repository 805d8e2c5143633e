import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { visitsFolder } from "../../../../backends/docker/caddy/visitLog.ts";
import {
  countedSites,
  siteAnswers,
  visits,
  visitsCommand,
} from "../../../../backends/docker/caddy/visits.ts";
import { plannedTenant } from "../../../../backends/docker/fleetPlan.ts";
import { config, host, tenant } from "../../../fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-visits-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const logs = join(folder, "logs");

/** A host whose Caddy is this machine's shell, with its logs in a folder of the test's. */
const docker = `#!/bin/sh
[ "$1 $2 $3 $4" = "exec olympus-caddy sh -c" ] || exit 9
script=$(printf '%s' "$5" | sed 's#${visitsFolder}#${logs}#')
shift 5
exec sh -c "$script" "$@"
`;

beforeEach(() => {
  rmSync(logs, { recursive: true, force: true });
  spawnSync("mkdir", [logs]);
  writeFileSync(join(folder, "docker"), docker);
  chmodSync(join(folder, "docker"), 0o755);
});

const now = () => Date.now() / 1000;
const line = (secondsAgo: number, status: number) => `{"ts":${now() - secondsAgo},"status":${status}}\n`;
const log = (name: string, ...lines: readonly string[]) =>
  writeFileSync(join(logs, `${name}.log`), lines.join(""));

function counted(...sites: Parameters<typeof visitsCommand>[0]) {
  const path = `${folder}:${process.env.PATH}`;
  const input = visitsCommand(sites);
  const { stdout } = spawnSync("sh", ["-s"], { input, env: { PATH: path }, encoding: "utf8" });
  return Object.fromEntries(visits(stdout.split("\n")));
}

describe("visits", () => {
  test("are counted by what they were answered, from a moment on", () => {
    log("acme.login", line(7000, 500), line(3000, 200), line(2000, 302), line(1000, 502), line(1, 599));
    log("acme.api", line(30, 200));
    expect(counted({ log: "acme.login", seconds: 3600 }, { log: "acme.api", seconds: 10 })).toEqual({
      "acme.login": { answered: 4, failed: 2, oldestSeconds: expect.closeTo(7000, -1) },
      "acme.api": { answered: 0, failed: 0, oldestSeconds: expect.closeTo(30, -1) },
    });
  });

  test("that were refused, or had no answer, say nothing of the site", () => {
    log("acme.login", ...[400, 401, 403, 404, 413, 429, 499, 0, 600].map((status) => line(10, status)));
    expect(counted({ log: "acme.login", seconds: 60 })).toMatchObject({
      "acme.login": { answered: 0, failed: 0 },
    });
  });

  test("of the full log before count as well, and none of a tenant whose name begins alike", () => {
    log("acme.login-2026-11-28T02-10-00.000-size", line(50, 200), line(40, 500));
    log("acme.login", line(30, 500));
    log("acme.login2", line(30, 500));
    log("acme-2.login", line(30, 500));
    expect(counted({ log: "acme.login", seconds: 60 })).toEqual({
      "acme.login": { answered: 3, failed: 2, oldestSeconds: expect.closeTo(50, -1) },
    });
  });

  test("of a site that nobody has visited are none, which is known", () => {
    log("acme.login");
    expect(counted({ log: "acme.login", seconds: 60 })).toEqual({
      "acme.login": { answered: 0, failed: 0, oldestSeconds: undefined },
    });
  });

  test("of a site without a log are not known, nor where there is no Caddy", () => {
    log("acme.login", line(1, 200));
    expect(
      Object.keys(counted({ log: "acme.api", seconds: 60 }, { log: "acme.login", seconds: 60 })),
    ).toEqual(["acme.login"]);
    rmSync(logs, { recursive: true });
    expect(counted({ log: "acme.login", seconds: 60 })).toEqual({});
    writeFileSync(join(folder, "docker"), "#!/bin/sh\nexit 1\n");
    expect(counted({ log: "acme.login", seconds: 60 })).toEqual({});
  });

  test("are not known where the log holds something else; some torn lines are no reason to doubt it", () => {
    const torn = '{"ts":17959093{"ts":1795909363.1,"status":500}\n';
    log("acme.login", line(5, 200), torn, line(4, 200), '{"ts":179');
    expect(counted({ log: "acme.login", seconds: 60 })).toMatchObject({ "acme.login": { answered: 2 } });
    const other = '{"ts":1795909363.1,"status":500,"request":{}}\n';
    log("acme.login", line(5, 200), other.repeat(11));
    expect(counted({ log: "acme.login", seconds: 60 })).toEqual({});
  });
});

test("the oldest visit that is known is what the count begins with, where that is later", () => {
  const [since, at] = [new Date("2026-11-28T12:00:00Z"), new Date("2026-11-28T18:00:00Z")];
  const from = (oldestSeconds: number | undefined) =>
    siteAnswers("login", { answered: 9, failed: 1, oldestSeconds }, since, at);
  expect(from(undefined)).toEqual({ site: "login", visits: 9, failed: 1, since });
  expect(from(7 * 3600).since).toEqual(since);
  expect(from(3600).since).toEqual(new Date("2026-11-28T17:00:00Z"));
});

test("are asked for of sites that somebody may enter", () => {
  const sites = (change: Parameters<typeof tenant>[1] = {}) =>
    countedSites(plannedTenant(tenant("acme", change), host, config), 60).map(({ log }) => log);
  expect(sites()).toEqual(["acme.login", "acme.api"]);
  expect(sites({ admin: { email: "a@example.org", allow: ["192.0.2.0/24"] } })).toEqual([
    "acme.login",
    "acme.api",
    "acme.admin",
  ]);
  expect(sites({ state: "suspended" })).toEqual([]);
});
