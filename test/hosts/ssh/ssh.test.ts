import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SshAccess } from "../../../fleet/model.ts";
import {
  dockerOverSsh,
  hostCommand,
  type SshHost,
  sshArguments,
  wholeScript,
} from "../../../hosts/ssh/ssh.ts";
import { host } from "../../fixtures.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const access: SshAccess = { user: "deploy", hostName: "eu-1.example.com", port: 22, hostKey: key };
const reached = (change: Partial<SshAccess> = {}, engine: SshHost["engine"] = "docker"): SshHost => ({
  ...host,
  name: "eu-1",
  engine,
  ssh: { ...access, ...change },
});
const aliasOf = (to: SshHost) => sshArguments(to).find((argument) => argument.startsWith("HostKeyAlias="));

describe("the pinned key", () => {
  const options = sshArguments(reached());
  test("is an argument, and no file has a say", () => {
    expect(options).toContain(`KnownHostsCommand=/usr/bin/env echo %H ${key}`);
    expect(options).toEqual(
      expect.arrayContaining([
        "StrictHostKeyChecking=yes",
        "UserKnownHostsFile=/dev/null",
        "GlobalKnownHostsFile=/dev/null",
        "NoHostAuthenticationForLocalhost=no",
        "VerifyHostKeyDNS=no",
      ]),
    );
  });
  test("stands before everything that a configuration could say", () => {
    expect(options.indexOf("--")).toBeGreaterThan(options.findIndex((one) => one.startsWith("KnownHosts")));
  });
});

describe("a connection that is open", () => {
  test.each<[string, Partial<SshAccess>]>([
    ["another key is pinned", { hostKey: key.replace("OMqq", "OMqr") }],
    ["another key signs in", { identityFile: "~/.ssh/other" }],
    ["another user signs in", { user: "root" }],
    ["it is another machine", { hostName: "eu-2.example.com" }],
    ["it is another port", { port: 2222 }],
  ])("is not used where %s", (_, change) => {
    expect(aliasOf(reached(change))).not.toBe(aliasOf(reached()));
  });
  test("is used whatever the host is called in the stack's configuration", () => {
    expect(aliasOf({ ...reached(), name: "other" })).toBe(aliasOf(reached()));
  });
  test("can be kept apart for a purpose", () => {
    expect(sshArguments(reached(), "-doctor")).toContain(`${aliasOf(reached())}-doctor`);
  });
});

test("a key file is the only one that is offered", () => {
  expect(sshArguments(reached({ identityFile: "~/.ssh/id" })).join(" ")).toContain(
    "-o IdentityFile=~/.ssh/id -o IdentitiesOnly=yes",
  );
  expect(sshArguments(reached()).join(" ")).not.toMatch(/Identit/);
});

test.each<[string, SshHost, string]>([
  ["Docker", reached(), "ssh://deploy@eu-1.example.com:22/var/run/docker.sock"],
  ["another port", reached({ port: 2222 }), "ssh://deploy@eu-1.example.com:2222/var/run/docker.sock"],
  [
    "an IPv6 address",
    reached({ hostName: "2001:db8::1" }),
    "ssh://deploy@[2001:db8::1]:22/var/run/docker.sock",
  ],
  ["Podman", reached({}, "podman"), "ssh://deploy@eu-1.example.com:22/run/podman/podman.sock"],
])("the provider's address of %s", (_, to, address) => {
  expect(dockerOverSsh(to).host).toBe(address);
});

test("provider and scripts take the same way", () => {
  const to = reached({ identityFile: "~/.ssh/id" });
  const { sshOpts } = dockerOverSsh(to);
  expect(sshArguments(to).slice(0, sshOpts.length)).toEqual(sshOpts);
  const { command, environment } = hostCommand(to);
  expect(command("create", [])).toBe("sh hosts/ssh/onHost.sh create");
  expect(command("delete", ["a b.sh", "c.sh"])).toBe("sh hosts/ssh/onHost.sh delete 'a b.sh' c.sh");
  expect(environment.OLYMPUS_HOST).toBe("eu-1");
  const words = spawnSync("sh", ["-c", `eval "printf '%s\\n' $OLYMPUS_SSH"`], {
    encoding: "utf8",
    env: environment,
  });
  expect(words.stdout.trimEnd().split("\n")).toEqual(sshArguments(to));
});

test("files that states name are there", () => {
  const root = join(import.meta.dirname, "../../..");
  const names = [...JSON.stringify(dockerOverSsh(reached())).matchAll(/fleet\/[\w/.]+/g)].map(
    ([name]) => name,
  );
  for (const name of [...names, "hosts/ssh/onHost.sh", "hosts/ssh/turn.sh"]) {
    expect(existsSync(join(root, name))).toBe(true);
  }
  expect(readFileSync(join(root, "hosts/ssh/ssh_config"), "utf8")).toContain(
    "exec sh hosts/ssh/turn.sh take",
  );
});

describe("a script that travels", () => {
  const script = `set -eu
start() {
  docker start "$1"
}
case $1 in
create)
docker exec -i olympus-caddy cat <<'END'
${"a line of a site file\n".repeat(40)}END
;;
esac
start acme-kratos-migrate
docker update --pids-limit 200 acme-kratos
`;
  const whole = wholeScript("docker", script);
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "olympus-whole-"));
    writeFileSync(join(folder, "docker"), `#!/bin/sh\necho "$DOCKER_HOST $*" >> ${folder}/calls\n`, {
      mode: 0o755,
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (input: string) =>
    spawnSync("sh", ["-s", "create"], { input, env: { PATH: `${folder}:${process.env.PATH}` } }).status;

  test("does nothing unless it has arrived whole", () => {
    for (let end = whole.length - 3; end > 0; end -= 41) run(whole.slice(0, end));
    expect(existsSync(join(folder, "calls"))).toBe(false);
  });
  test("finds the engine", () => {
    expect(run(whole)).toBe(0);
    expect(readFileSync(join(folder, "calls"), "utf8")).toContain(
      "unix:///var/run/docker.sock start acme-kratos-migrate",
    );
  });
});
