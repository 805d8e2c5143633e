import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { untilAnswering } from "./answering.ts";
import type { BackgroundProcess } from "./background.ts";
import type { HostEngine } from "./engine.ts";
import type { Machine } from "./machine.ts";

/** Containers get their stop signal from dockerd, Postgres among them. */
const STOP_SECONDS = 60;

/** The Docker engine of a lab host, at the usual places: /run/docker.sock and /var/lib/docker. */
export class DockerEngine implements HostEngine {
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

  private get configuration(): string {
    return join(this.machine.folder, "daemon.json");
  }

  async prepare(): Promise<void> {
    await writeFile(this.configuration, JSON.stringify(this.settings));
  }

  async start(): Promise<void> {
    const command = ["dockerd", "--config-file", this.configuration];
    this.daemon = await this.machine.start("dockerd", command, { graceSeconds: STOP_SECONDS });
    await untilAnswering(this.machine.name, this.address, this.daemon);
  }

  async stop(): Promise<void> {
    await this.daemon?.stop();
  }

  /** The next start ends the containers that went on meanwhile, and starts those again that always restart. */
  async kill(): Promise<void> {
    await this.daemon?.stop("SIGKILL");
  }
}
