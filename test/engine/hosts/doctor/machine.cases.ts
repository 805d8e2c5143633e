import { expect, test } from "vitest";
import { type DoctorStage, errors, of } from "./stage.ts";

/** On the machine itself, and what others have put there. */
export function machineCases(stage: () => DoctorStage): void {
  test("a program at port 80", async () => {
    const server = "require('node:http').createServer().listen(80)";
    const web = await stage().site.host("eu-1").start("web", process.execPath, "-e", server);
    stage().afterwards(() => web.stop());
    await expect.poll(() => stage().site.host("eu-1").run("ss", "-Hltn")).toContain(":80 ");
    const found = await stage().ask("eu-1");
    expect(errors(found)).toEqual([expect.stringMatching(/^ports: port 80 is held by \S+ \(process \d+\)$/)]);
    expect(found.code).toBe(1);
  });

  test("somebody else's container at port 443, and one under a name of ours", async () => {
    const host = stage().site.host("eu-1");
    const run = [
      "docker",
      "run",
      "--detach",
      "--publish",
      "443:443",
      "--name",
      "acme-hydra",
      "--entrypoint",
      "sleep",
    ];
    await host.run(...run, stage().images.firewall, "300");
    stage().afterwards(() => host.run("docker", "rm", "--force", "acme-hydra"));
    expect(errors(await stage().ask("eu-1"))).toEqual([
      "ports: port 443 is held by container acme-hydra",
      "leftovers: container acme-hydra is there, and is not the fleet's",
    ]);
  });

  test("a VPN in the pool", async () => {
    const host = stage().site.host("eu-1");
    await host.run("ip", "route", "add", "10.200.0.0/16", "dev", "eth0", "table", "77");
    stage().afterwards(() => host.run("ip", "route", "del", "10.200.0.0/16", "table", "77"));
    expect(errors(await stage().ask("eu-1"))).toEqual([
      expect.stringMatching(
        /^networks: the route 10\.200\.0\.0\/16 dev eth0 table 77.* meets networkPool 10\.128\.0\.0\/9$/,
      ),
    ]);
    expect(errors(await stage().ask("eu-1", { networkPool: "10.0.0.0/10" }))).toEqual([]);
  });

  test("another network of the engine in the pool", async () => {
    const host = stage().site.host("eu-1");
    await host.run("docker", "network", "create", "--subnet", "10.150.0.0/24", "compose_default");
    stage().afterwards(() => host.run("docker", "network", "rm", "compose_default"));
    expect(errors(await stage().ask("eu-1"))).toEqual([
      "networks: the engine's network compose_default (10.150.0.0/24) meets networkPool 10.128.0.0/9",
    ]);
  });

  test("less memory than is written", async () => {
    expect(errors(await stage().ask("eu-1", { memory: "4096GiB" }))).toEqual([
      expect.stringMatching(/^memory: \S+GiB, and the configuration says 4096GiB$/),
    ]);
  });

  test("a disk that is full", async () => {
    const host = stage().site.host("eu-2");
    await host.run("mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", "/var/lib/docker");
    stage().afterwards(() => host.run("umount", "/var/lib/docker"));
    expect(errors(await stage().ask("eu-2"))).toEqual([
      "engine: does not run",
      "disk: 512MiB of 512MiB free at /var/lib/docker",
    ]);
  });

  test("no forwarding", async () => {
    const host = stage().site.host("eu-1");
    await host.run("sysctl", "-w", "net.ipv4.ip_forward=0");
    stage().afterwards(() => host.run("sysctl", "-w", "net.ipv4.ip_forward=1"));
    expect(errors(await stage().ask("eu-1"))).toEqual([
      expect.stringMatching(/^guard: the host forwards no packets/),
    ]);
  });

  test("a tenant that runs without the INPUT rule, and another stack's", async () => {
    const host = stage().site.host("eu-1");
    const labels = (tenant: string) => [
      ...["--label", "olympus-fleet.managed-by=olympus-fleet", "--label", `olympus-fleet.tenant=${tenant}`],
    ];
    const sleep = ["--entrypoint", "sleep", stage().images.firewall, "300"];
    await host.run("docker", "run", "--detach", "--name", "acme-kratos", ...labels("acme"), ...sleep);
    await host.run("docker", "run", "--detach", "--name", "other-kratos", ...labels("other"), ...sleep);
    stage().afterwards(() => host.run("docker", "rm", "--force", "acme-kratos", "other-kratos"));
    const found = await stage().ask("eu-1");
    expect(errors(found)).toEqual(["guard: olympus-firewall is gone, and 2 containers of tenants run"]);
    expect(of(found, "leftovers")).toEqual([
      "warning: 1 container of tenant other, which no file here knows",
    ]);
  });
}
