import { execa } from "execa";
import type { LabSite } from "../../lab/hosts/site.ts";

export interface LoginArgs {
  /** Default `eu-1`. */
  readonly host?: string;
  /** Of which host's key the client has been told. Default: the right one. */
  readonly knows?: string;
  /** More options of ssh. Default: the site's key file. */
  readonly options?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command by SSH as a careful client does: with the host's key known beforehand, and no other accepted. */
export async function login(
  site: LabSite,
  command: string,
  { host = "eu-1", knows = host, options = ["-i", site.identityFile], env = {} }: LoginArgs = {},
): Promise<{ exitCode: number | undefined; output: string }> {
  const { address } = site.host(host);
  const known = `KnownHostsCommand=/bin/echo ${address} ${site.host(knows).hostKey}`;
  const strict = [
    "StrictHostKeyChecking=yes",
    "UserKnownHostsFile=/dev/null",
    "BatchMode=yes",
    "LogLevel=ERROR",
  ];
  const all = [...strict, "IdentitiesOnly=no", "ConnectTimeout=3", known].flatMap((option) => ["-o", option]);
  const { exitCode, all: output } = await execa("ssh", [...all, ...options, `root@${address}`, command], {
    env: { SSH_AUTH_SOCK: "", ...env },
    reject: false,
    all: true,
  });
  return { exitCode, output };
}
