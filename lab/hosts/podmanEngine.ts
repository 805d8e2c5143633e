import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureRegistry } from "../docker/registry.ts";
import { untilAnswering } from "./answering.ts";
import type { BackgroundProcess } from "./background.ts";
import type { HostEngine } from "./engine.ts";
import type { Machine } from "./machine.ts";

/** What Podman needs besides its own package, where only what is necessary gets installed. */
export const PODMAN_PACKAGES = {
  "/usr/bin/podman": "podman",
  "/usr/lib/podman/netavark": "netavark",
  "/usr/lib/podman/aardvark-dns": "aardvark-dns",
  "/usr/bin/crun": "crun",
} as const;

/** As the package podman-docker makes it, which cannot be installed beside docker.io. */
const DOCKER_COMMAND = '#!/bin/sh\nexec /usr/bin/podman "$@"\n';
const SOCKET = "podman/podman.sock";

/**
 * Podman as root, with its service at /run/podman/podman.sock, /run/docker.sock leading there, and a docker command
 * that is podman. No process of it runs all the time: containers live on their own, and a unit starts those that
 * always restart when the machine boots.
 */
export class PodmanEngine implements HostEngine {
  readonly address: string;
  private readonly machine: Machine;
  private service: BackgroundProcess | undefined;

  constructor(machine: Machine) {
    this.machine = machine;
    this.address = `unix://${join(machine.folder, "run", SOCKET)}`;
  }

  async prepare(): Promise<void> {
    const configuration = join(this.machine.folder, "etc-containers");
    await mkdir(join(configuration, "registries.conf.d"), { recursive: true });
    await cp("/etc/containers/policy.json", join(configuration, "policy.json"));
    // Docker believes anyone who is on its own loopback; Podman has to be told.
    const { address } = await ensureRegistry();
    const registry = `[[registry]]\nlocation = "${address}"\ninsecure = true\n`;
    await writeFile(join(configuration, "registries.conf.d/lab.conf"), registry);
    const engine = ['cgroup_manager = "cgroupfs"', 'events_logger = "file"'];
    const settings = ["[engine]", ...engine, "[network]", 'network_backend = "netavark"', ""];
    await writeFile(join(configuration, "containers.conf"), settings.join("\n"));

    const command = join(this.machine.folder, "docker-command");
    await writeFile(command, DOCKER_COMMAND);
    await chmod(command, 0o755);
  }

  async start(): Promise<void> {
    await this.machine.run("sh", "-c", `mkdir -p /run/podman && ln -sf /run/${SOCKET} /run/docker.sock`);
    const command = ["podman", "system", "service", "--time", "0", `unix:///run/${SOCKET}`];
    this.service = await this.machine.start("podman", command);
    await untilAnswering(this.machine.name, this.address, this.service);
    // The two commands of podman-restart.service.
    await this.machine.run("podman", "start", "--all", "--filter", "restart-policy=always");
  }

  async stop(): Promise<void> {
    const list = "podman container ls --quiet --filter restart-policy=always";
    await this.machine.run("sh", "-c", `${list} | xargs --no-run-if-empty podman stop`);
    await this.service?.stop();
  }

  async kill(): Promise<void> {
    await this.service?.stop("SIGKILL");
  }
}
