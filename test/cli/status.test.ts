import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { status } from "../../cli/status/status.ts";
import { releasesText } from "../fleet/fleetInput.ts";
import { ran } from "./ran.ts";

/** `fleet status` with a `docker` that says what it is told to, and nobody where visitors ask. */

let folder: string;
let port: number;
const path = process.env.PATH;
const put = (file: string, text: string) => writeFileSync(join(folder, file), text);
/** @param answer what it does, `$1` being its command */
function docker(answer: string): void {
  put("bin/docker", `#!/bin/sh\n${answer}\n`);
  chmodSync(join(folder, "bin/docker"), 0o755);
}
const running = `for name do :; done
case $name in
*-postgres) image=docker.io/library/postgres:18.1-trixie ;;
*-hera) image=ghcr.io/olympusoss/hera@sha256:${"c".repeat(64)} ;;
*-athena) image=ghcr.io/olympusoss/athena@sha256:${"d".repeat(64)} ;;
*) image=docker.io/oryd/\${name##*-}:v26.2.0 ;;
esac
case $1 in
inspect) echo "service=/$name running 0 2026-11-28T12:00:00Z $image" ;;
esac`;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "olympus-status-"));
  mkdirSync(join(folder, "bin"));
  port = await closedPort();
  put(
    "Pulumi.prod.yaml",
    `config:\n  olympus:domain: example.org\n  olympus:tls: { mode: internal }\n  olympus:hosts:\n    eu-1: { address: "unix:///run/eu-1.sock", memory: 16GiB, httpsPort: ${port}, httpPort: 80 }\n`,
  );
  put("tenants.yaml", 'defaults: { release: "2026.11", mail: none }\ntenants:\n  acme: {}\n  bigcorp: {}\n');
  put("releases.yaml", releasesText);
  vi.stubEnv("PATH", `${folder}/bin${delimiter}${path}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("a stack", () => {
  test("whose services are well, and whose visitors get nothing", async () => {
    docker(running);
    const { out, code } = await ran(status, folder, ["acme", "--stack", "prod"]);
    expect(code).toBe(1);
    expect(
      out
        .replace(/^Stack prod, \S+: /, "")
        .replace(/\neu-1: .* free at .*\n/, "")
        // What is left on this machine.
        .replace(/ +left/, "  left")
        .replace(/ +[\d.]+[GM]iB /, "  LEFT "),
    ).toBe(`something is ill

acme
  no sign-in page: https://acme.example.org:${port}/login gives no answer (ECONNREFUSED).
  no keys of tokens: https://acme-api.example.org:${port}/.well-known/jwks.json gives no answer
  (ECONNREFUSED).

tenant  status  host  ring    release  database  data  left  certificate  restarts
acme    ill     eu-1  stable  2026.11  ?            ?  LEFT            ?         0
`);
  });

  test("on which no `pulumi up` has run yet", async () => {
    docker('[ "$1" != inspect ]');
    const { out, code } = await ran(status, folder, ["--json"]);
    expect(code).toBe(1);
    const { tenants, hosts } = JSON.parse(out);
    expect(hosts).toMatchObject([{ host: "eu-1", verdict: "well" }]);
    for (const { complaints, verdict } of tenants) {
      expect(verdict).toBe("ill");
      expect(complaints[0]).toBe(
        "nothing of it is on eu-1: no `pulumi up` has made it yet, or somebody has removed it",
      );
    }
  });

  test("whose host does not answer", async () => {
    docker('echo "Cannot connect to the Docker daemon at $DOCKER_HOST." >&2; exit 1');
    const { out } = await ran(status, folder, ["--json"]);
    const { hosts, tenants } = JSON.parse(out);
    expect(hosts).toMatchObject([
      {
        verdict: "unknown",
        complaints: ["nobody could ask it: Cannot connect to the Docker daemon at unix:///run/eu-1.sock"],
      },
    ]);
    expect(tenants[0].services.kratos).toBe("unknown");
  });

  test("as metrics", async () => {
    docker(running);
    const { out } = await ran(status, folder, ["--prometheus"]);
    expect(out).toContain('olympus_fleet_service_up{stack="prod",tenant="bigcorp",host="eu-1",');
  });
});

describe("files", () => {
  const read = (name: string) => readFileSync(join(folder, name), "utf8");

  test("a page is written where it is asked for, and nothing is printed", async () => {
    docker(running);
    const file = join(folder, "status.html");
    expect(await ran(status, folder, ["--html", file])).toEqual({
      code: 1,
      out: "",
      err: `${file} written\n`,
    });
    expect(read("status.html")).toContain("<title>Status of prod</title>");
    expect(read("status.html")).not.toContain('http-equiv="refresh"');
    await ran(status, folder, ["--html", file, "--refresh", "60"]);
    expect(read("status.html")).toContain('<meta http-equiv="refresh" content="60">');
  });

  test("metrics take the place of the old ones whole, and nothing is left beside them", async () => {
    docker(running);
    put("fleet.prom", "old");
    symlinkSync(join(folder, "fleet.prom"), join(folder, "link.prom"));
    const before = readdirSync(folder);
    const { code, out } = await ran(status, folder, ["--prometheus", "--output", join(folder, "link.prom")]);
    expect([code, out]).toEqual([1, ""]);
    expect(read("fleet.prom")).toMatch(/^# HELP olympus_fleet_status_timestamp_seconds .*/);
    expect(readdirSync(folder)).toEqual(before);
  });

  test("both in one run, which asks once", async () => {
    docker(`echo "$1" >> ${folder}/asked; ${running}`);
    const { out } = await ran(status, folder, ["--json", "--html", join(folder, "status.html")]);
    expect(JSON.parse(out).stack).toBe("prod");
    expect(
      read("asked")
        .split("\n")
        .filter((line) => line === "info"),
    ).toHaveLength(1);
  });

  test("files that cannot be planned leave the old ones: an empty one would be a fleet without a fault", async () => {
    put("fleet.prom", "old");
    put("tenants.yaml", 'defaults: { release: "2026.11", mail: none }\ntenants:\n  acme: { sise: small }\n');
    const { code } = await ran(status, folder, ["--prometheus", "--output", join(folder, "fleet.prom")]);
    expect([code, read("fleet.prom")]).toEqual([2, "old"]);
  });
});

describe("what cannot be understood", () => {
  const refused = async (...args: string[]) => {
    const { code, err, out } = await ran(status, folder, args);
    expect([code, out]).toEqual([2, ""]);
    return err;
  };

  test("a name that is no tenant", async () => {
    expect(await refused("newcorp")).toBe(
      "newcorp is not a tenant of stack prod. Its tenants: acme, bigcorp.",
    );
  });

  test("two formats", async () => {
    expect(await refused("--json", "--prometheus")).toContain("Write --json or --prometheus, not both.");
  });

  test("a page that loads itself, and no page", async () => {
    expect(await refused("--refresh", "60")).toMatch(
      /^--refresh is the page's: write --html FILE beside it\.\n/,
    );
    expect(await refused("--html", "x.html", "--refresh", "1m")).toMatch(
      /^--refresh 1m: is no number of seconds\. Write 60\.\n/,
    );
    expect(await refused("--html", "")).toMatch(/^--output and --html need a file\.\n/);
  });

  test("a file that cannot be written", async () => {
    docker(running);
    const file = join(folder, "not", "there.html");
    expect(await refused("--html", file)).toBe(
      `--html ${file}: cannot be written (ENOENT: no such file or directory).`,
    );
  });

  test("files that cannot be planned: their problems, and nobody is asked", async () => {
    docker("exit 1");
    put("tenants.yaml", 'defaults: { release: "2026.11", mail: none }\ntenants:\n  acme: { sise: small }\n');
    expect(await refused()).toMatch(/tenants\.yaml:3:\d+ +tenants\.acme/);
  });
});
