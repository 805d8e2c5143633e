import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { startTime } from "../docker/processes.ts";
import { projectDir } from "../paths.ts";
import { LabError } from "../progress.ts";
import { type BackgroundProcess, type StartOptions, start } from "./background.ts";
import { type Claim, recordProcess } from "./ledger.ts";

const INIT = join(import.meta.dirname, "init.sh");
const BOOT_SECONDS = 20;
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The bare machine below a host: its namespaces, its first process, and the folder that is its disk. */
export class Machine {
  readonly name: string;
  readonly folder: string;
  private readonly claim: Claim;
  private readonly namespace: string;
  private pid: number | undefined;

  /** @param namespace name of the network namespace */
  constructor(claim: Claim, name: string, namespace: string) {
    this.claim = claim;
    this.name = name;
    this.namespace = namespace;
    this.folder = join(claim.folder, name);
  }

  /** Switches it on. /run is empty, as after any boot; the rest of the disk, its folder, is as it was. */
  async boot(): Promise<void> {
    const pidFile = join(this.folder, "init.pid");
    await rm(pidFile, { force: true });
    await rm(join(this.folder, "run"), { recursive: true, force: true });
    const unshare = ["unshare", "--fork", "--pid", "--mount", "--uts", "--ipc", "--propagation", "private"];
    const first = await start(this.claim, `${this.name}-init`, join(this.folder, "init.log"), [
      ...["nsenter", `--net=/run/netns/${this.namespace}`, "--"],
      ...[...unshare, "--kill-child", "bash", INIT, this.folder, this.name],
    ]);
    for (let waited = 0; waited < BOOT_SECONDS * 20; waited++) {
      const pid = Number(await readFile(pidFile, "utf8").catch(() => ""));
      if (pid > 0) {
        this.pid = pid;
        await recordProcess(this.claim, `${this.name}-first`, pid);
        return;
      }
      if (first.hasEnded()) break;
      await sleep(50);
    }
    throw new LabError(`Lab host ${this.name} did not come up. ${await first.complaint()}`);
  }

  /** Pulls the power cord: every process ends at once, and with the last of them its mounts are gone. */
  async cutPower(): Promise<void> {
    const { pid } = this;
    this.pid = undefined;
    if (pid === undefined) return;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      return;
    }
    while ((await startTime(pid)) !== undefined) await sleep(20);
  }

  /** Command line that runs a program on the machine, as root in an environment like that of a login. */
  at(...command: readonly string[]): [string, string[]] {
    const login = ["env", "--ignore-environment", `PATH=${PATH}`, "HOME=/root", "LANG=C.UTF-8"];
    return ["nsenter", [...this.namespaces("mount", "net", "pid", "uts", "ipc"), ...login, ...command]];
  }

  /** Starts a program that runs until it is stopped or the machine goes down. Its log is on the machine's disk. */
  async start(
    name: string,
    command: readonly string[],
    { graceSeconds }: Pick<StartOptions, "graceSeconds"> = {},
  ): Promise<BackgroundProcess> {
    const pidFile = `/run/olympus-${name}.pid`;
    const noted = this.at("sh", "-c", `echo $$ > ${pidFile} && exec "$@"`, name, ...command).flat();
    const send = async (signal: NodeJS.Signals) => {
      await this.tryRun("sh", "-c", `kill -s ${signal.slice("SIG".length)} "$(cat ${pidFile})"`);
    };
    return this.background(name, noted, { send, graceSeconds });
  }

  /** The same for a program of the lab's, which sees this machine's files and environment, but that one's network. */
  startBeside(name: string, command: readonly string[]): Promise<BackgroundProcess> {
    const inside = ["nsenter", ...this.namespaces("net", "pid"), ...command];
    return this.background(name, inside, { cwd: projectDir });
  }

  private background(name: string, command: readonly string[], options: StartOptions) {
    return start(this.claim, `${this.name}-${name}`, join(this.folder, `${name}.log`), command, options);
  }

  private namespaces(...kinds: readonly string[]): string[] {
    if (this.pid === undefined) throw new Error(`${this.name} is switched off`);
    return ["--target", String(this.pid), ...kinds.map((kind) => `--${kind}`), "--"];
  }

  /** Standard output of a command that must succeed there. */
  async run(...command: readonly string[]): Promise<string> {
    return (await execa(...this.at(...command))).stdout;
  }

  /** Exit code and output of a command that may fail there. */
  async tryRun(...command: readonly string[]): Promise<{ exitCode: number; output: string }> {
    const { exitCode, all } = await execa(...this.at(...command), { reject: false, all: true });
    return { exitCode: exitCode ?? 1, output: all };
  }
}
