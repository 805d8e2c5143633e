import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { publishedFiles, publishScript } from "../../../backends/docker/caddy/publish.ts";
import { caddyStart } from "../../../backends/docker/caddy/start.ts";
import { firewall, withdrawScript } from "../../../backends/docker/firewall.ts";
import { firewallGate } from "../../../backends/docker/gate.ts";
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

test("any text survives quoting", () => {
  const nasty = 'it\'s $HOME `id` "x" \\ \n end';
  expect(execFileSync("sh", ["-c", `printf %s ${quote(nasty)}`], { encoding: "utf8" })).toBe(nasty);
  expect(line("echo", "a b")).toBe("echo 'a b'");
});

describe("the end of the firewall's gate", () => {
  const script = firewallGate({
    id: "id",
    health: firewall("docker").health,
    policy: "require",
    withdraw: withdrawScript("docker", "registry.test/firewall:1"),
  });

  test("takes the rules away, whatever has become of the container", () => {
    fakeDocker("[ $1 = stop ] && exit 1; exit 0");
    const { status, stderr, log } = run(script, "delete");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(log).toMatch(
      /^stop olympus-firewall\nrun --rm --network host .* sh registry\.test\/firewall:1 -c /s,
    );
    expect(log).toContain("-X OLYMPUS-FORWARD");
  });
  test("says so when they stay, which keeps nobody from removing the fleet", () => {
    fakeDocker("exit 1");
    expect(run(script, "delete")).toMatchObject({
      status: 0,
      stderr: "olympus-firewall: its rules stay until the host's next boot\n",
    });
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
    expect(publishedFiles("# c0ffee\ntrue\n")).toEqual([]);
  });
  test("removes it when the resource goes, and what Caddy has noted of its visits", () => {
    fakeDocker('[ "$1" = ps ] && echo c0ffee; exit 0');
    expect(run(script, "delete").log).toMatch(
      /sh sites\/acme\.caddy remove\nexec -i olympus-caddy sh -c rm -f \/data\/visits\/"\$1"\.\* sh acme\n$/,
    );
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
  ["the firewall's health", firewall("docker").health[2]],
  ["the firewall's end", firewall("podman").withdraw],
  ["Caddy's start", caddyStart],
  ["publish", publishScript("c", "sites/a.caddy", "x\n", "remove")],
])("the script of %s is valid shell", (_name, script) => {
  expect(spawnSync("sh", ["-n"], { input: script, encoding: "utf8" })).toMatchObject({
    status: 0,
    stderr: "",
  });
});
