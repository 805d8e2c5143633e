import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { publishedFiles, publishScript } from "../../../backends/docker/caddy/publish.ts";
import { caddyStart } from "../../../backends/docker/caddy/start.ts";
import { firewall } from "../../../backends/docker/firewall.ts";
import { firewallGate, gateScript } from "../../../backends/docker/gate.ts";
import { line, quote } from "../../../hosts/shell.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-scripts-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Puts a `docker` on PATH that writes its arguments to a log and then does what `body` says. */
function fakeDocker(body: string) {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "docker"), `#!/bin/sh\necho "$*" >> ${folder}/log\n${body}\n`);
  chmodSync(join(bin, "docker"), 0o755);
}
function run(script: string, action = "create") {
  const { status, stdout, stderr } = spawnSync("sh", ["-s", action], {
    input: script,
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}` },
    timeout: 20_000,
  });
  return { status, stdout, stderr, log: readFileSync(join(folder, "log"), "utf8") };
}

const inside = { network: "acme-internal", address: "10.0.0.4", alias: "kratos" };
const kratos = {
  name: "acme-kratos",
  id: "c0ffee",
  health: ["wget", "-q", "http://x/"],
  pidsLimit: 200,
  memberships: [inside, { network: "acme-egress" }],
};
const migrate = { name: "acme-kratos-migrate", id: "beef", pidsLimit: 200, memberships: [inside] };
const gate = (change: object = {}) =>
  gateScript({ gate: "migrate", await: [kratos], run: [migrate], timeoutSeconds: 2, ...change });

test("any text survives quoting", () => {
  const nasty = 'it\'s $HOME `id` "x" \\ \n end';
  expect(execFileSync("sh", ["-c", `printf %s ${quote(nasty)}`], { encoding: "utf8" })).toBe(nasty);
  expect(line("echo", "a b")).toBe("echo 'a b'");
});

describe("a gate", () => {
  test("asks for health, then runs its steps and looks at their exit codes", () => {
    fakeDocker('case $1 in wait) echo 0;; inspect) echo "acme-egress acme-internal ";; esac');
    const { status, log } = run(gate());
    expect(status).toBe(0);
    const inspect = "inspect --format {{range $name, $one := .NetworkSettings.Networks}}{{$name}} {{end}}";
    expect(log.split("\n")).toEqual([
      "update --pids-limit 200 acme-kratos",
      `${inspect} acme-kratos`,
      "exec acme-kratos wget -q http://x/",
      "update --pids-limit 200 acme-kratos-migrate",
      `${inspect} acme-kratos-migrate`,
      "network disconnect --force acme-egress acme-kratos-migrate",
      "start acme-kratos-migrate",
      "wait acme-kratos-migrate",
      "",
    ]);
  });

  test("puts a container into its networks, at its address, and into no other", () => {
    fakeDocker('case $1 in wait) echo 0;; inspect) echo "bridge bigcorp-internal ";; esac');
    const { status, log } = run(gate({ run: [] }));
    expect(status).toBe(0);
    expect(log.split("\n").filter((text) => text.startsWith("network"))).toEqual([
      "network connect --ip 10.0.0.4 --alias kratos acme-internal acme-kratos",
      "network connect acme-egress acme-kratos",
      "network disconnect --force bridge acme-kratos",
      "network disconnect --force bigcorp-internal acme-kratos",
    ]);
  });

  test("wakes a container that somebody has paused", () => {
    const paused = `${folder}/awake`;
    fakeDocker(
      `case $1 in exec) test -e ${paused};; inspect) echo "paused 0";; unpause) touch ${paused};; esac`,
    );
    const { status, log } = run(gate({ run: [] }));
    expect(status).toBe(0);
    expect(log).toContain("unpause acme-kratos\n");
  });

  test("fails with the step's last log lines when it exits non-zero", () => {
    fakeDocker('case $1 in wait) echo 3;; logs) echo "column does not exist" >&2;; esac; exit 0');
    const { status, stderr } = run(gate());
    expect(status).toBe(1);
    expect(stderr).toBe(
      "acme-kratos-migrate: failed with exit code 3. Its last log lines:\ncolumn does not exist\n",
    );
  });

  test("fails at once when a service has exited", () => {
    fakeDocker(
      'case $1 in exec) exit 1;; inspect) case "$*" in *ExitCode*) echo 2;; *) echo "exited 0";; esac;; esac',
    );
    const { status, stderr } = run(gate({ timeoutSeconds: 60 }));
    expect(status).toBe(1);
    expect(stderr).toContain("acme-kratos: exited with code 2. Its last log lines:");
  });

  test("fails when a service keeps restarting", () => {
    fakeDocker('case $1 in exec) exit 1;; inspect) echo "restarting 5";; esac');
    expect(run(gate({ timeoutSeconds: 60 })).stderr).toContain(
      "acme-kratos: does not stay up (restarting 5 restarts)",
    );
  });

  test("fails when its time is over", () => {
    fakeDocker('case $1 in exec) exit 1;; inspect) echo "running 0";; esac');
    expect(run(gate({ timeoutSeconds: 1 })).stderr).toContain("acme-kratos: is not healthy after 1 s");
  });

  test("is another gate when a container is another one", () => {
    expect(gate({ run: [{ ...migrate, id: "dead" }] })).not.toBe(gate());
  });
});

describe("the firewall's gate", () => {
  test("stops a host that requires the rule", () => {
    fakeDocker(
      'case $1 in exec) exit 1;; inspect) echo "exited 0";; logs) echo "Permission denied" >&2;; esac',
    );
    expect(run(firewallGate("id", firewall("docker").health, "require")).status).toBe(1);
  });
  test("tells a laptop why not", () => {
    fakeDocker(
      'case $1 in exec) exit 1;; inspect) echo "exited 0";; logs) echo "Permission denied" >&2;; esac',
    );
    const { status, stdout } = run(firewallGate("id", firewall("docker").health, "report"));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^not applied: olympus-firewall: exited .*\nPermission denied\n$/s);
  });
  test("says so when the rule is there", () => {
    fakeDocker("exit 0");
    expect(run(firewallGate("id", firewall("docker").health, "report")).stdout).toBe("applied\n");
    expect(run(firewallGate("id", firewall("docker").health, "require")).stdout).toBe("applied\n");
  });
});

describe("publishing", () => {
  const content = "# $HOME 'quoted' `id`\nacme.test {\n}\n";
  const script = publishScript("olympus-caddy", "sites/acme.caddy", content, "remove");

  test("hands the file over on stdin, byte for byte", () => {
    fakeDocker(`cat > ${folder}/received`);
    expect(run(script).status).toBe(0);
    expect(readFileSync(join(folder, "received"), "utf8")).toBe(content);
  });
  test("can be read back from the script", () => {
    const file = { path: "sites/acme.caddy", content };
    const beside = { path: "roots/12.pem", content: "pem\n" };
    expect(publishedFiles(script)).toEqual([file]);
    expect(publishedFiles(publishScript("c", "sites/acme.caddy", content, "keep", beside))).toEqual([
      beside,
      file,
    ]);
    expect(publishedFiles(publishScript("c", "Caddyfile", "", "keep"))).toEqual([
      { path: "Caddyfile", content: "" },
    ]);
    expect(publishedFiles(gate())).toEqual([]);
  });
  test("removes it when the resource goes", () => {
    fakeDocker('[ "$1" = ps ] && echo c0ffee; exit 0');
    expect(run(script, "delete").log).toMatch(/sh sites\/acme\.caddy remove\n$/);
  });
  test("has nothing to remove it from when Caddy is gone", () => {
    fakeDocker("exit 0");
    const { status, log } = run(script, "delete");
    expect({ status, log }).toEqual({
      status: 0,
      log: "ps --all --quiet --filter name=^olympus-caddy$\n",
    });
  });
  test("does not take an engine that is silent for a Caddy that is gone", () => {
    fakeDocker("exit 1");
    expect(run(script, "delete").status).not.toBe(0);
  });
  test("leaves the host's own file alone then", () => {
    fakeDocker("exit 0");
    writeFileSync(join(folder, "log"), "");
    expect(run(publishScript("olympus-caddy", "Caddyfile", content, "keep"), "delete").log).toBe("");
  });
});

test.each([
  ["firewall", firewall("docker").loop],
  ["firewall on Podman", firewall("podman").loop],
  ["Caddy's start", caddyStart],
  ["gate", gate()],
  ["publish", publishScript("c", "sites/a.caddy", "x\n", "remove")],
])("the script of %s is valid shell", (_name, script) => {
  expect(spawnSync("sh", ["-n"], { input: script, encoding: "utf8" })).toMatchObject({
    status: 0,
    stderr: "",
  });
});
