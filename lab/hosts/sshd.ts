import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LabError } from "../progress.ts";
import type { BackgroundProcess } from "./background.ts";
import type { KeyPair } from "./keys.ts";
import type { Machine } from "./machine.ts";

/** As Debian ships it, whatever has become of this machine's own: tests prove what works with the defaults. */
const DEBIAN_DEFAULTS = "/usr/share/openssh/sshd_config";

export interface SshdArgs {
  readonly machine: Machine;
  readonly address: string;
  readonly hostKey: KeyPair;
  /** Public keys that may log in as root. */
  readonly authorized: readonly string[];
}

/** The way in to a lab host. */
export class Sshd {
  private readonly args: SshdArgs;
  private daemon: BackgroundProcess | undefined;

  constructor(args: SshdArgs) {
    this.args = args;
  }

  /** What it has to say about connections, those that it has dropped among them. */
  get log(): string {
    return join(this.args.machine.folder, "sshd.log");
  }

  /** Starts it; returns when it takes connections. */
  async start(): Promise<void> {
    const { machine, address, hostKey, authorized } = this.args;
    // Below /run because sshd looks at the rights of every folder above, and those of temporary ones are wide.
    await writeFile(
      join(machine.folder, "run/authorized_keys"),
      authorized.map((key) => `${key}\n`).join(""),
    );
    const options = ["AuthorizedKeysFile=/run/authorized_keys", "PidFile=/run/sshd.pid"];
    this.daemon = await machine.start("sshd", [
      ...["/usr/sbin/sshd", "-D", "-e", "-f", DEBIAN_DEFAULTS, "-h", hostKey.file],
      ...[...options, `ListenAddress=${address}`].flatMap((option) => ["-o", option]),
    ]);
    const listening = ["ss", "--listening", "--tcp", "--numeric", "--no-header", "src", `${address}:22`];
    for (let tenths = 0; tenths < 100; tenths++) {
      if ((await machine.run(...listening)) !== "") return;
      if (this.daemon.hasEnded()) break;
      await sleep(50);
    }
    throw new LabError(`sshd of lab host ${machine.name} did not come up. ${await this.daemon.complaint()}`);
  }

  /** No new connections; open ones go on, as where the service is stopped. */
  async stop(): Promise<void> {
    await this.daemon?.stop();
  }
}
