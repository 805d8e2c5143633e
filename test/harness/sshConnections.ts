import { readdir, readFile, rm, stat } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type SshHost, sshArguments } from "../../hosts/ssh/ssh.ts";
import type { LabHost } from "../../lab/hosts/host.ts";
import * as fixtures from "../fixtures.ts";

/**
 * Where the connections that are shared have their sockets, a folder per host and key (hosts/ssh/turn.sh). For ssh a
 * user's home is what the system says, whatever HOME says.
 */
const folder = join(userInfo().homedir, ".olympus", hostname().split(".")[0] ?? "");

/** A lab host as the stack's configuration has it. */
export function sshHost({ name, address, hostKey }: LabHost, identityFile?: string): SshHost {
  return {
    ...fixtures.host,
    name,
    address: `ssh://root@${address}`,
    ssh: { user: "root", hostName: address, port: 22, hostKey, identityFile },
  };
}

const aliasOf = (host: SshHost) =>
  sshArguments(host)
    .find((argument) => argument.startsWith("HostKeyAlias="))
    ?.slice("HostKeyAlias=".length) ?? "";

/**
 * Closes what runs have left open to a host for a while, and forgets that it could not be signed in to: the next run
 * finds it as the first one does.
 */
export async function closeConnections(host: SshHost): Promise<void> {
  const alias = aliasOf(host);
  for (const place of await readdir(folder).catch(() => [])) {
    if (!place.startsWith(alias)) continue;
    for (const name of await readdir(join(folder, place))) {
      const path = join(folder, place, name);
      if (!(await stat(path).catch(() => undefined))?.isSocket()) continue;
      await execa("ssh", ["-F", "none", "-S", path, "-O", "exit", "any"], { reject: false });
    }
    await rm(join(folder, place), { recursive: true, force: true });
  }
}

/** What a host's sshd has to say about connections since it was asked last. */
export class ConnectionLog {
  private readonly path: string;
  private read = 0;

  private constructor(path: string) {
    this.path = path;
  }

  static async of({ sshd }: LabHost): Promise<ConnectionLog> {
    const log = new ConnectionLog(sshd.log);
    await log.news();
    return log;
  }

  /** How many have signed in, and every line that tells of one that was turned away. */
  async news(): Promise<{ accepted: number; dropped: string[] }> {
    const lines = (await readFile(this.path, "utf8")).split("\n").slice(this.read);
    this.read += lines.length - 1;
    return {
      accepted: lines.filter((line) => line.startsWith("Accepted ")).length,
      dropped: lines.filter((line) => /drop connection|no more sessions|MaxStartups|Too many/i.test(line)),
    };
  }
}
