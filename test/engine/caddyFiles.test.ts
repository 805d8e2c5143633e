import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { visitLog, visitsFolder } from "../../backends/docker/caddy/visitLog.ts";
import { visits, visitsCommand } from "../../backends/docker/caddy/visits.ts";
import { ensureDocker } from "../../lab/docker/engine.ts";
import { ensureRegistry } from "../../lab/docker/registry.ts";
import { ensureImages } from "../../lab/images/images.ts";
import { CaddyBox } from "../harness/caddyBox.ts";
import { claimEngine, releaseEngine } from "../harness/engineClaim.ts";

/** Publishing while files are broken, with a real Caddy and without a fleet. */

const caddyfile = `{
	admin unix//run/caddy/admin.sock
	http_port 8080
	auto_https off
	skip_install_trust
}
import sites/*.caddy
`;
const site = (name: string, says: string) => `http://${name}.test {\n\trespond "${says}"\n}\n`;
const broken = "echo 'nonsense {' > /etc/caddy/sites";

let caddy: CaddyBox;
let host: string;

beforeAll(async () => {
  host = (await ensureDocker()).host;
  await claimEngine(host);
  caddy = await CaddyBox.start(host, (await ensureImages(await ensureRegistry())).caddy, "caddy-files-test");
});
afterAll(async () => {
  await caddy?.remove();
  await releaseEngine(host);
});

const published = async (path: string, content: string) => {
  const { exitCode, stdout, stderr } = await caddy.publish(path, content);
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  return stdout;
};

test("a new host starts with nothing, and takes its files one by one", async () => {
  await published("Caddyfile", caddyfile);
  for (const name of ["acme", "bigcorp"])
    expect(await published(`sites/${name}.caddy`, site(name, "one"))).toBe("");
  expect(await caddy.get("acme.test")).toBe("one");
  expect(await caddy.inside("cat /etc/caddy/sites/acme.caddy")).toBe(site("acme", "one").trimEnd());
});

test("a site that is not valid changes nothing, and its own name is told", async () => {
  const { exitCode, stderr } = await caddy.publish("sites/acme.caddy", "http://acme.test {\n\tnonsense\n}\n");
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain(
    "sites/acme.caddy: is not valid. The configuration is as it was before. Caddy says:",
  );
  expect(stderr).toContain("sites/acme.caddy:2");
  expect(await caddy.get("acme.test")).toBe("one");
});

test("two files that are broken by hand do not keep each other from being mended", async () => {
  await caddy.inside(`${broken}/acme.caddy; ${broken}/bigcorp.caddy`);
  const told = await published("sites/acme.caddy", site("acme", "two"));
  expect(told).toContain("not valid; what ran before goes on:\nsites/bigcorp.caddy\n{");
  expect([await caddy.get("acme.test"), await caddy.get("bigcorp.test")]).toEqual(["two", "one"]);
  expect(await published("sites/bigcorp.caddy", site("bigcorp", "two"))).toBe("");
  expect(await caddy.get("bigcorp.test")).toBe("two");
});

test("while a file is broken, another tenant's goes as well", async () => {
  await published("sites/newcorp.caddy", site("newcorp", "one"));
  await caddy.inside(`${broken}/acme.caddy`);
  expect((await caddy.publish("sites/newcorp.caddy", "", "delete")).exitCode).toBe(0);
  expect([await caddy.get("acme.test"), await caddy.get("newcorp.test")]).toEqual(["two", ""]);
});

test("Caddy that starts with a broken file runs what ran before, and takes the mended file", async () => {
  await caddy.restart();
  expect([await caddy.get("acme.test"), await caddy.get("bigcorp.test")]).toEqual(["two", "two"]);
  const log = await caddy.log();
  expect(log).toMatch(
    /\/sites\/\S+\.caddy:1.*\nThe configuration is not valid: starting what ran before\.\n/,
  );
  await published("sites/acme.caddy", site("acme", "three"));
  expect(await caddy.get("acme.test")).toBe("three");
  await caddy.restart();
  expect([await caddy.get("acme.test"), await caddy.get("bigcorp.test")]).toEqual(["three", "two"]);
});

test("the host's own file, removed by hand: the start goes on, and the next run writes it", async () => {
  await caddy.inside("rm /etc/caddy/Caddyfile");
  await caddy.restart();
  expect(await caddy.get("acme.test")).toBe("three");
  await published("sites/acme.caddy", site("acme", "four"));
  expect(await caddy.get("acme.test")).toBe("four");
  expect(await published("Caddyfile", caddyfile)).toBe("");
  await caddy.restart();
  expect(await caddy.get("acme.test")).toBe("four");
});

test("a host name that a file has which nobody published: the clash is told", async () => {
  await caddy.inside(`printf 'http://acme.test {\\n}\\n' > /etc/caddy/sites/zz-by-hand.caddy`);
  const told = await published("sites/acme.caddy", site("acme", "five"));
  expect(told).toContain("ambiguous site definition: http://acme.test");
  expect(await caddy.get("acme.test")).toBe("five");
  await caddy.restart();
  expect(await caddy.get("acme.test")).toBe("five");
});

describe("what visitors were answered", () => {
  const log = visitLog("acme", { purpose: "login" }).join("\n");
  const noted = `http://acme.test {\n${log}\n\trespond /fails 503\n\trespond /refused 403\n\trespond "six"\n}\n`;
  const counted = async () => {
    const command = visitsCommand([{ log: "acme.login", seconds: 600 }], caddy.name);
    const { stdout } = await execa("sh", ["-c", command], { env: { DOCKER_HOST: host }, reject: false });
    return visits(stdout.split("\n")).get("acme.login");
  };
  const visit = async (...paths: readonly string[]) => {
    for (const path of paths) await caddy.get("acme.test", path);
  };

  test("is known from the moment on that the site has a log, and not before", async () => {
    expect(await counted()).toBeUndefined();
    await caddy.inside("rm /etc/caddy/sites/zz-by-hand.caddy");
    await published("sites/acme.caddy", noted);
    expect(await counted()).toEqual({ answered: 0, failed: 0, oldestSeconds: undefined });
    expect(await caddy.inside(`stat -c '%a %U' ${visitsFolder} ${visitsFolder}/*`)).toBe(
      "700 root\n600 root",
    );
  });

  test("outlives edits of others and a restart of Caddy, and is time and status alone", async () => {
    await visit("/?code=c0ffee", "/fails?code=c0ffee", "/refused");
    await published("sites/bigcorp.caddy", site("bigcorp", "three"));
    await visit("/", "/fails");
    await caddy.restart();
    await visit("/", "/fails");
    expect(await counted()).toMatchObject({ answered: 6, failed: 3 });
    const lines = (await caddy.inside(`cat ${visitsFolder}/acme.login.log`)).split("\n");
    expect(lines).toHaveLength(7);
    for (const line of lines) expect(line).toMatch(/^\{"ts":\d+(\.\d+)?,"status":\d{3}\}$/);
    // Nor in its usual log.
    expect(await caddy.log()).not.toContain("c0ffee");
  });

  test("takes two MiB of the disk at most, and goes on counting", async () => {
    const line = '{\\"ts\\":1795909363.1234567,\\"status\\":200}';
    const fill = `awk 'BEGIN { for (i = 0; i < 27000; i++) print "${line}" }' >> ${visitsFolder}/acme.login.log`;
    for (let time = 1; time <= 2; time++) {
      await caddy.inside(fill);
      await caddy.restart();
      await visit("/fails");
    }
    const sizes = (await caddy.inside(`stat -c %s ${visitsFolder}/*`)).split("\n").map(Number);
    expect(sizes).toHaveLength(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2.5 * 1024 * 1024);
    expect(await counted()).toMatchObject({ failed: expect.any(Number), oldestSeconds: expect.any(Number) });
    expect((await counted())?.failed).toBeGreaterThanOrEqual(2);
  });

  test("goes with the site", async () => {
    expect((await caddy.publish("sites/acme.caddy", "", "delete")).exitCode).toBe(0);
    expect(await caddy.inside(`ls ${visitsFolder}`)).toBe("");
    expect(await counted()).toBeUndefined();
  });
});
