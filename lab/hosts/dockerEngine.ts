import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { LabError } from "../progress.ts";
import type { BackgroundProcess } from "./background.ts";
import type { Machine } from "./machine.ts";

const START_SECONDS = 60;
/** Containers get their stop signal from dockerd, Postgres among them. */
const STOP_SECONDS = 60;

/** The Docker engine of a lab host, at the usual places: /run/docker.sock and /var/lib/docker. */
export class DockerEngine {
  /** `unix:///…` as this machine reaches it, for what a test wants to see; the fleet comes by SSH. */
  readonly address: string;
  private readonly machine: Machine;
  private readonly settings: Readonly<Record<string, unknown>>;
  private daemon: BackgroundProcess | undefined;

  /** @param settings as in daemon.json; this machine's own file is not read */
  constructor(machine: Machine, settings: Readonly<Record<string, unknown>>) {
    this.machine = machine;
    this.settings = settings;
    this.address = `unix://${join(machine.folder, "run/docker.sock")}`;
  }

  /** Starts it, as a boot does: containers with a restart policy come back. Returns when it answers. */
  async start(): Promise<void> {
    const configuration = join(this.machine.folder, "daemon.json");
    await writeFile(configuration, JSON.stringify(this.settings));
    const command = ["dockerd", "--config-file", configuration];
    this.daemon = await this.machine.start("dockerd", command, { graceSeconds: STOP_SECONDS });
    for (let tenths = 0; tenths < START_SECONDS * 10; tenths++) {
      if (await this.answers()) return;
      if (this.daemon.hasEnded()) break;
      await sleep(100);
    }
    throw new LabError(
      `The engine of lab host ${this.machine.name} did not come up. ${await this.daemon.complaint()}`,
    );
  }

  /** Ends it as a shutdown does, with SIGTERM, and its containers with it. */
  async stop(): Promise<void> {
    await this.daemon?.stop();
  }

  /** Kills dockerd alone. Its containers go on, as they do on a real host, until it is started again. */
  async kill(): Promise<void> {
    await this.daemon?.stop("SIGKILL");
  }

  private async answers(): Promise<boolean> {
    const env = { DOCKER_HOST: this.address };
    return (await execa("docker", ["version"], { env, reject: false })).exitCode === 0;
  }
}
