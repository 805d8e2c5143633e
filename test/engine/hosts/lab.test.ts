import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureRegistry } from "../../../lab/docker/registry.ts";
import { LabSite } from "../../../lab/hosts/site.ts";
import { ensureImages, type LabImages } from "../../../lab/images/images.ts";
import { login } from "../../harness/login.ts";
import { loginCases } from "./lab/login.cases.ts";
import { networkCases } from "./lab/network.cases.ts";
import { podmanCases } from "./lab/podman.cases.ts";
import { powerCases } from "./lab/power.cases.ts";
import { removalCases } from "./lab/removal.cases.ts";

const names = ["eu-1", "eu-2"];

let images: LabImages;
let site: LabSite;

beforeAll(async () => {
  images = await ensureImages(await ensureRegistry());
  site = await LabSite.open(names.map((name) => ({ name })));
});
afterAll(() => site?.close());

describe("each host", () => {
  test.each(names)("%s is a machine of its own behind its own key", async (name) => {
    const engine = "docker info --format '{{.Name}} {{.DockerRootDir}}'";
    expect(await login(site, `hostname && ${engine} && ls -A /root`, { host: name })).toEqual({
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

loginCases(() => site);
networkCases(() => site);
describe("a host that goes down comes back with the containers that do so by themselves:", () =>
  powerCases(
    () => site,
    () => images.firewall,
  ));
describe("a host with Podman", () => podmanCases(() => images.firewall));
describe("nothing is left", () => removalCases(() => site));
