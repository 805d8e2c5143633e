import { afterAll, beforeAll, expect, test } from "vitest";
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
