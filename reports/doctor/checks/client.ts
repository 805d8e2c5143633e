import { Findings, here } from "../finding.ts";
import type { Check } from "./check.ts";

/** The ssh program here can be told a host's key without a file: KnownHostsCommand came with OpenSSH 8.5. */
const oldest = [8, 5] as const;

export const client: Check = (_, { sshVersion }) => {
  if (sshVersion === undefined) return [];
  const findings = new Findings("ssh here");
  const [major = 0, minor = 0] = sshVersion.split(".").map(Number);
  const isOld = major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
  if (!isOld) return findings.ok(`OpenSSH ${sshVersion}`).list;
  return findings.error(
    `OpenSSH ${sshVersion} on this machine`,
    `Before ${oldest.join(".")} it cannot be told which single key a host may show.`,
    here("sudo apt-get update && sudo apt-get install openssh-client"),
  ).list;
};
