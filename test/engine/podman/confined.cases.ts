import { describe, expect, test } from "vitest";
import type { PodmanFleet } from "../../harness/podmanFleet.ts";
import { type ProcessStatus, processCases, processStatus } from "../confinement/processes.cases.ts";
import { containerRules } from "../confinement/rules.ts";

/** Everything in which a container could write, by path: what the kernel has mounted there. */
async function writable(fleet: PodmanFleet, container: string): Promise<Map<string, readonly string[]>> {
  const mounts = (await fleet.docker("exec", container, "cat", "/proc/mounts")).split("\n");
  const entries = mounts
    .map((line) => line.split(" "))
    .map(([, path = "", , options = ""]) => [path, options]);
  const open = entries.map(([path = "", options = ""]) => [path, options.split(",")] as const);
  return new Map(open.filter(([path, options]) => options.includes("rw") && !/^\/(proc|sys|dev)/.test(path)));
}

/** What Podman has made of the declarations, in the eyes of the kernel. */
export function confinedCases(stage: () => PodmanFleet): void {
  const services = containerRules(18).filter(([, { isStep }]) => !isStep);

  describe.each(services)("%s", (name, rule) => {
    test("can write to memory that executes nothing, and to its volumes, and nowhere else", async () => {
      const volumes = rule.mounts.map((mount) => mount.replace("volume ", ""));
      const own = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/run/.containerenv"]; // single files
      for (const [path, options] of await writable(stage(), name)) {
        if (volumes.includes(path) || own.includes(path)) continue;
        expect(options, path).toEqual(expect.arrayContaining(["noexec", "nosuid", "nodev"]));
        expect(options.join(), path).toMatch(/size=\d+k/);
      }
    });

    test("has its limits", async () => {
      const inspected = await stage().docker("inspect", "--format", "{{json .HostConfig}}", name);
      const { Memory, MemorySwap, PidsLimit } = JSON.parse(inspected);
      expect(Memory).toBeGreaterThan(0);
      expect(MemorySwap).toBe(Memory);
      expect(PidsLimit).toBe(200);
    });
  });

  test("nobody joins a container's IPC, whatever Podman reports", async () => {
    const run = ["run", "--rm", "--ipc", "container:acme-hera", "--entrypoint", "true"];
    const { exitCode, output } = await stage().tryDocker(...run, stage().images.firewall);
    expect(output).toMatch(/joining IPC of container .* is not allowed/);
    expect(exitCode).not.toBe(0);
  });

  processCases((container) => statusOf(stage(), container));
}

/** As the host sees them: all processes in the container's process namespace. */
async function statusOf({ host }: PodmanFleet, container: string): Promise<ProcessStatus[]> {
  const script = `main=$(podman inspect --format '{{.State.Pid}}' "$1") || exit
for process in /proc/[0-9]*; do
  [ "$(readlink "$process/ns/pid")" != "$(readlink "/proc/$main/ns/pid")" ] || { cat "$process/status"; echo; }
done`;
  const texts = (await host.run("sh", "-c", script, "sh", container)).split("\n\n");
  return texts.flatMap(processStatus);
}
