import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureRegistry } from "../../../lab/docker/registry.ts";
import { LabSite } from "../../../lab/hosts/site.ts";
import { ensureImages, type LabImages } from "../../../lab/images/images.ts";
import { projectDir } from "../../../lab/paths.ts";
import { processesWith, remains } from "../../harness/remains.ts";

const names = ["eu-1", "eu-2"];

let images: LabImages;
let site: LabSite;

beforeAll(async () => {
  images = await ensureImages(await ensureRegistry());
  site = await LabSite.open(names.map((name) => ({ name })));
});
afterAll(() => site?.close());

interface LoginArgs {
  readonly host?: string;
  /** Of which host's key the client has been told. */
  readonly knows?: string;
  readonly options?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A login as a careful client does it: with the host's key known beforehand, and no other accepted. */
async function login(
  command: string,
  { host = "eu-1", knows = host, options = ["-i", site.identityFile], env = {} }: LoginArgs = {},
) {
  const { address } = site.host(host);
  const known = `KnownHostsCommand=/bin/echo ${address} ${site.host(knows).hostKey}`;
  const strict = [
    "StrictHostKeyChecking=yes",
    "UserKnownHostsFile=/dev/null",
    "BatchMode=yes",
    "LogLevel=ERROR",
  ];
  const all = [...strict, "IdentitiesOnly=no", "ConnectTimeout=3", known].flatMap((option) => ["-o", option]);
  const { exitCode, all: output } = await execa("ssh", [...all, ...options, `root@${address}`, command], {
    env: { SSH_AUTH_SOCK: "", ...env },
    reject: false,
    all: true,
  });
  return { exitCode, output };
}

const obedient = "trap 'exit 0' TERM; while :; do sleep 1 & wait $!; done";

/** Starts a container that ends when it is told to. */
const runContainer = (host: string, name: string, restart: string) => {
  const options = [
    "--detach",
    "--name",
    name,
    "--restart",
    restart,
    "--network",
    "none",
    "--entrypoint",
    "sh",
  ];
  return site.host(host).run("docker", "run", ...options, images.firewall, "-c", obedient);
};
const running = (host: string) => site.host(host).run("docker", "ps", "--format", "{{.Names}}");
const isBack = (host: string) => expect.poll(() => running(host), { timeout: 10_000 }).toBe("steadfast");

describe("each host", () => {
  test.each(names)("%s is a machine of its own behind its own key", async (name) => {
    const engine = "docker info --format '{{.Name}} {{.DockerRootDir}}'";
    expect(await login(`hostname && ${engine} && ls -A /root`, { host: name })).toEqual({
      exitCode: 0,
      output: `${name}\n${name} /var/lib/docker`,
    });
  });

  test.each(names)("%s pulls an image by the reference that it has everywhere, and runs it", async (name) => {
    const [, digest] = images.firewall.split("@");
    expect(digest).toMatch(/^sha256:/);
    const run = ["docker", "run", "--rm", "--entrypoint", "iptables", images.firewall, "--version"];
    expect(await site.host(name).run(...run)).toMatch(/^iptables v/);
  });

  test("has a firewall of its own", async () => {
    const rule = ["INPUT", "-i", "oly-+", "-m", "conntrack", "--ctstate", "NEW", "-j", "DROP"];
    await site.host("eu-1").run("iptables", "-A", ...rule);
    expect(await site.host("eu-1").run("iptables", "-S", "INPUT")).toContain("-A INPUT -i oly-+");
    expect(await site.host("eu-2").run("iptables", "-S", "INPUT")).not.toContain("oly-+");
    await site.host("eu-1").run("iptables", "-D", ...rule);
  });

  test("reaches nothing outside the site, and is told at once", async () => {
    const { exitCode, output } = await site.host("eu-1").tryRun("curl", "-sS", "http://192.0.2.1/");
    expect(output).toMatch(/No route to host|Network is unreachable|Couldn't connect/);
    expect(exitCode).not.toBe(0);
  });
});

describe("a login is refused", () => {
  test("where the host has another key than the one that was told", async () => {
    const { exitCode, output } = await login("true", { knows: "eu-2" });
    expect(output).toContain("Host key verification failed");
    expect(exitCode).toBe(255);
  });

  test("without the site's key", async () => {
    expect((await login("true", { options: [] })).output).toContain("Permission denied (publickey,password)");
  });

  test("no more once an agent has the key", async () => {
    const agent = await site.agent();
    expect(await login("true", { options: [], env: { SSH_AUTH_SOCK: agent.socket } })).toEqual({
      exitCode: 0,
      output: "",
    });
    await agent.stop();
    expect((await login("true", { options: [], env: { SSH_AUTH_SOCK: agent.socket } })).exitCode).toBe(255);
  });
});

test("sshd has Debian's defaults", async () => {
  const settings = await site
    .host("eu-1")
    .run("/usr/sbin/sshd", "-T", "-f", "/usr/share/openssh/sshd_config");
  expect(settings.split("\n")).toEqual(
    expect.arrayContaining(["maxstartups 10:30:100", "maxsessions 10", "permitrootlogin without-password"]),
  );
});

test("services of a host are seen from this machine and by visitors, with the address that they come from", async () => {
  const host = site.host("eu-1");
  const script = `require("node:http").createServer((request, response) => response.end(request.socket.remoteAddress)).listen(80, "0.0.0.0")`;
  const server = await host.start("echo", process.execPath, "-e", script);
  const url = `http://${host.address}/`;
  const ask = ["curl", "-sS", "--retry", "20", "--retry-connrefused", "--retry-delay", "1", url];
  expect((await execa("curl", ask.slice(1))).stdout).toBe(site.address);
  const visitor = await site.visitor();
  expect(await visitor.run(...ask)).toBe(visitor.address);
  expect(await site.host("eu-2").run(...ask)).toBe(site.host("eu-2").address);
  await server.stop();
  expect((await host.tryRun("curl", "-sS", url)).output).toContain("Failed to connect");
});

test("a program on this machine's side ends with the site, and hosts can call it", async () => {
  const script = `require("node:http").createServer((_, response) => response.end("hello")).listen(9080, "${site.address}", () => console.log("up"))`;
  await site.start("hello", [process.execPath, "-e", script]);
  const ask = ["curl", "-sS", "--retry", "20", "--retry-connrefused", "--retry-delay", "1"];
  expect(await site.host("eu-2").run(...ask, `http://${site.address}:9080/`)).toBe("hello");
});

describe("a host that goes down comes back with the containers that do so by themselves:", () => {
  beforeAll(() => runContainer("eu-1", "steadfast", "always"));

  test("shut down in good order and booted", async () => {
    await site.host("eu-1").shutDown();
    expect((await login("true")).exitCode).toBe(255);
    await site.host("eu-1").boot();
    await isBack("eu-1");
  });

  test("cut off from power and booted, its firewall empty", async () => {
    const host = site.host("eu-1");
    await host.run("iptables", "-A", "INPUT", "-i", "oly-+", "-j", "DROP");
    await host.cutPower();
    await host.boot();
    await isBack("eu-1");
    expect(await host.run("iptables", "-S", "INPUT")).toBe("-P INPUT ACCEPT");
    expect((await login("hostname")).output).toBe("eu-1");
  });

  test("its engine alone ended, and started again", async () => {
    await site.host("eu-1").engine.stop();
    expect((await login("docker ps")).output).toContain("Cannot connect to the Docker daemon");
    await site.host("eu-1").engine.start();
    await isBack("eu-1");
  });

  // Why containers of the fleet restart always (docs/adr/0005), and not unless stopped.
  test("its engine alone killed, and started again", async () => {
    await runContainer("eu-1", "witness", "unless-stopped");
    await site.host("eu-1").engine.kill();
    expect(await processesWith(obedient)).not.toEqual([]); // they go on without it
    await site.host("eu-1").engine.start();
    await isBack("eu-1");
    expect(await site.host("eu-1").run("docker", "inspect", "--format", "{{.State.Status}}", "witness")).toBe(
      "exited",
    );
  });
});

test("without its cable a host is silent, and there again when it is back", async () => {
  await site.host("eu-2").unplug();
  expect((await login("true", { host: "eu-2" })).output).toContain("Connection timed out");
  expect((await login("hostname", { host: "eu-1" })).output).toBe("eu-1");
  await site.host("eu-2").plug();
  expect((await login("hostname", { host: "eu-2" })).output).toBe("eu-2");
});

test("without its sshd a host refuses connections, and its engine goes on", async () => {
  await site.host("eu-2").sshd.stop();
  expect((await login("true", { host: "eu-2" })).output).toContain("Connection refused");
  expect(await site.host("eu-2").run("docker", "ps", "--quiet")).toBe("");
  await site.host("eu-2").sshd.start();
  expect((await login("hostname", { host: "eu-2" })).output).toBe("eu-2");
});

describe("nothing is left", () => {
  test("of a site that was closed, even twice", async () => {
    await site.close();
    await site.close();
    expect(await remains()).toEqual([]);
  });

  test("of one that could not be opened", async () => {
    const hosts = [{ name: "eu-1" }, { name: "eu-2", daemon: { "no-such-setting": true } }];
    await expect(LabSite.open(hosts)).rejects.toThrow(
      /engine of lab host eu-2 did not come up.*no-such-setting/s,
    );
    expect(await remains()).toEqual([]);
  });

  test("of one whose run was killed, once somebody tidies; a site that is in use stays", async () => {
    const living = await LabSite.open([{ name: "eu-1", engine: "none" }]);
    try {
      const owner = execa(process.execPath, ["--import", "tsx", join(import.meta.dirname, "owner.ts")], {
        cwd: projectDir,
        reject: false,
      });
      const [told] = await once(owner.stdout, "data");
      const { folder, address } = JSON.parse(String(told)) as { folder: string; address: string };
      owner.kill("SIGKILL");
      await owner;
      // The kernel ends the host with the run, so that nothing goes on without anybody to end it.
      await expect.poll(() => processesWith(folder), { timeout: 10_000 }).toEqual([]);
      expect(
        (await execa("curl", ["-sS", "-m", "2", `telnet://${address}:22`], { reject: false })).exitCode,
      ).not.toBe(0);

      const { stderr } = await execa("npx", ["tsx", "lab/hosts/tidy.ts"], { cwd: projectDir });
      expect(stderr).toContain("Removed 1 abandoned site(s) of lab hosts.");
      expect(existsSync(folder)).toBe(false);
      expect(await remains()).toEqual([]);
      expect(await living.host("eu-1").run("hostname")).toBe("eu-1");
    } finally {
      await living.close();
    }
  });
});
