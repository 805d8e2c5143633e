import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { digestOf } from "../../backends/docker/found.ts";
import { drift } from "../../cli/drift/drift.ts";
import { releasesText } from "../fleet/fleetInput.ts";
import { caddyfileText, digest, exported, siteOf, stackUrn, urn } from "../reports/drift/stackJson.ts";
import { ran } from "./ran.ts";

/** `fleet drift` with a `pulumi` and a `docker` that say what they are told to. */

const hosts = ["eu-1", "eu-2"].map(
  (name) => `    ${name}: { address: "unix:///run/${name}.sock", memory: 16GiB }\n`,
);
const config = `config:\n  olympus:domain: example.org\n  olympus:tls: { mode: internal }\n  olympus:hosts:\n${hosts.join("")}`;
const tenants = `defaults: { release: "2026.11", mail: none }
tenants:
  acme: { host: eu-1 }
  bigcorp: { host: eu-2 }
`;

let folder: string;
const path = process.env.PATH;
const put = (file: string, text: string) => writeFileSync(join(folder, file), text);
const program = (name: string, body: string) => {
  put(`bin/${name}`, `#!/bin/sh\n${body}\n`);
  chmodSync(join(folder, "bin", name), 0o755);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-drift-"));
  mkdirSync(join(folder, "bin"));
  put("Pulumi.prod.yaml", config);
  put("tenants.yaml", tenants);
  put("releases.yaml", releasesText);
  vi.stubEnv("PATH", `${folder}/bin${delimiter}${path}`);
  program(
    "pulumi",
    `echo "$*" >> ${folder}/calls\ncase "$*" in "stack export"*) cat ${folder}/state;; refresh*) cat ${folder}/refresh;; preview*) cat ${folder}/preview;; esac`,
  );
  put("state", exported);
  put("refresh", digest([{ op: "refresh", urn: stackUrn }]));
  put("preview", digest([]));
  healthyHosts();
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Two hosts on which all is as it was left; `down` does not answer, `withoutDatabases` only to other questions. */
function healthyHosts({ down = "", withoutDatabases = "" } = {}): void {
  const host = (tenant: string) =>
    [
      ["Caddyfile", caddyfileText],
      [`sites/${tenant}.caddy`, siteOf(tenant)],
    ].map(([file = "", text = ""]) => `file=${digestOf(text)}  ${file}`);
  put("eu-1", host("acme").join("\n"));
  put("eu-2", host("bigcorp").join("\n"));
  program(
    "docker",
    `host=\${DOCKER_HOST#unix:///run/} host=\${host%.sock}
if [ "$host" = "${down}" ]; then echo "Cannot connect to the Docker daemon at $DOCKER_HOST." >&2; exit 1; fi
case "$host $*" in "${withoutDatabases} "*label=olympus-fleet.service=postgres*) exit 1 ;; esac
case "$*" in
ps*) echo "container=1 olympus-caddy [host] running" ;;
exec*) cat ${folder}/$host; echo; echo listed=1 ;;
esac`,
  );
}

const run = (...args: readonly string[]) => ran(drift, folder, args);
const json = async () => JSON.parse((await run("--json")).out);

test("nothing has changed: one line, exit 0, and Pulumi is asked for nothing that writes", async () => {
  expect(await run("--stack", "prod")).toEqual({
    code: 0,
    out: "Stack prod: as the last `pulumi up` has left it\n",
    err: "",
  });
  expect(readFileSync(join(folder, "calls"), "utf8").trim().split("\n").sort()).toEqual([
    "preview --json --color never --stack prod --non-interactive",
    "refresh --preview-only --json --color never --stack prod --non-interactive",
    "stack export --stack prod --non-interactive",
    "stack export --stack prod --non-interactive",
  ]);
});

test("drift, a host that is down, and an edit that waits: each in its place", async () => {
  healthyHosts({ down: "eu-2" });
  put(
    "eu-1",
    readFileSync(join(folder, "eu-1"), "utf8").replace(/[0-9a-f]{64} {2}sites/, `${"0".repeat(64)}  sites`),
  );
  const gone = { urn: urn("container", "acme-kratos"), inputs: { name: "acme-kratos" } };
  const complaint = {
    urn: urn("volume", "bigcorp-postgres"),
    message: "error: no daemon",
    severity: "error",
  };
  put("refresh", digest([{ op: "delete", ...gone }], [complaint]));
  put("preview", digest([{ op: "update", urn: urn("container", "bigcorp-kratos"), properties: ["envs"] }]));
  const { code, out } = await run();
  expect(out).toBe(`Stack prod: no longer as the last \`pulumi up\` has left it

acme
  acme-kratos was removed
  Caddy's sites/acme.caddy was edited by hand

Not looked at
  host eu-2 (bigcorp): Cannot connect to the Docker daemon at unix:///run/eu-2.sock.

Not deployed yet (the files say so, and no \`pulumi up\` has done it)
  bigcorp: bigcorp-kratos (envs)

To put it right: pulumi up --refresh --stack prod
`);
  expect(code).toBe(1);
  expect(await json()).toMatchObject({ version: 1, stack: "prod", verdict: "drift" });
});

test("what nobody could look at is not clean", async () => {
  healthyHosts({ down: "eu-2" });
  const { code, out } = await run();
  expect(code).toBe(4);
  expect(out).toContain("Stack prod: no drift found, but not everything could be looked at\n");
});

describe("does not guess", () => {
  test("when Pulumi fails before it looks", async () => {
    program(
      "pulumi",
      `case "$*" in "stack export"*) cat ${folder}/state;; *) echo "error: no plugin" >&2; exit 255;; esac`,
    );
    const { verdict, notCompared } = await json();
    expect(verdict).toBe("incomplete");
    expect(notCompared).toEqual([
      { what: "engines and DNS", why: "error: no plugin", tenants: [] },
      { what: "the files", why: "error: no plugin", tenants: [] },
    ]);
  });

  test("when the files are wrong", async () => {
    put("tenants.yaml", tenants.replace("acme: { host: eu-1 }", "acme: { host: eu-9 }"));
    const { code, out } = await run();
    expect(code).toBe(4);
    expect(out).toContain("stack prod: tenants.yaml:3:");
  });

  test("when the program refuses what the files say", async () => {
    const refusal = { urn: stackUrn, message: "error: bigcorp-vhost cannot be deleted", severity: "error" };
    put("preview", digest([], [refusal]));
    expect((await json()).notCompared).toEqual([
      { what: "the files", why: "bigcorp-vhost cannot be deleted", tenants: [] },
    ]);
  });

  test("when a run changes the stack meanwhile", async () => {
    put("later", exported.replace("02:00:00Z", "02:00:01Z"));
    program(
      "pulumi",
      `case "$*" in "stack export"*) cat ${folder}/state; cp ${folder}/later ${folder}/state;; *) echo '{}';; esac`,
    );
    const { verdict, notCompared } = await json();
    expect(verdict).toBe("incomplete");
    expect(notCompared[0].why).toContain("a run of Pulumi changed it meanwhile");
  });

  test("when a host answers, but not about its databases", async () => {
    healthyHosts({ withoutDatabases: "eu-2" });
    const { verdict, notCompared } = await json();
    expect(verdict).toBe("incomplete");
    expect(notCompared).toEqual([
      {
        what: "databases of host eu-2",
        why: "the host has not said which there are, though it answered other questions: look once more",
        tenants: [],
      },
    ]);
  });

  test("where a host went that only the state still knows", async () => {
    put("Pulumi.prod.yaml", config.replace(hosts[1] ?? "", ""));
    put("tenants.yaml", tenants.replace("  bigcorp: { host: eu-2 }\n", ""));
    expect((await json()).notCompared).toEqual([
      {
        what: "host eu-2",
        why: "it is no longer one of olympus:hosts, so nobody knows the way to it",
        tenants: ["bigcorp"],
      },
    ]);
  });
});

describe("usage", () => {
  test.each([
    [["--stack", "eu"], "--stack eu: there is no Pulumi.eu.yaml. Stacks here: prod."],
    [["--config-file", "/nowhere/x.yaml"], "--config-file /nowhere/x.yaml: cannot be read."],
    [["--nonsense"], "Unknown option '--nonsense'"],
  ])("%s", async (args, message) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test("an organisation's stack has the file of its name", async () => {
    expect((await run("--stack", "we/prod")).out).toBe(
      "Stack we/prod: as the last `pulumi up` has left it\n",
    );
  });

  test("says what Pulumi says without a state", async () => {
    program("pulumi", "echo \"error: no stack named 'prod' found\" >&2; exit 255");
    expect(await run()).toMatchObject({ code: 2, err: "error: no stack named 'prod' found" });
  });

  test("says that there is no Pulumi", async () => {
    rmSync(join(folder, "bin/pulumi"));
    vi.stubEnv("PATH", `${folder}/bin${delimiter}/usr/bin${delimiter}/bin`);
    expect((await run()).err).toContain("There is no pulumi on the PATH.");
  });
});
