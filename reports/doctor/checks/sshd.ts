import { Findings, onHost } from "../finding.ts";
import { asRoot, type Check } from "./check.ts";

/** sshd's default. The program's own limit per connection (hosts/ssh/turn.sh) leaves room below it. */
const sessions = 10;

const file = "/etc/ssh/sshd_config.d/10-olympus-fleet.conf";

/**
 * sshd allows as many sessions over a connection as the program shares it among. Connections are opened one after
 * another, so that MaxStartups is of no account.
 */
export const sshd: Check = ({ host }, { machine }) => {
  if (host.ssh === undefined || machine === undefined) return [];
  const findings = new Findings("sshd");
  const { source, settings } = machine.sshd;
  const change = (line: string) =>
    onHost(`echo '${line}' | ${asRoot(machine, `tee -a ${file}`)}`, asRoot(machine, "systemctl reload ssh"));
  if (source === undefined) {
    return findings.unknown(
      "only root sees its limits",
      `Where a connection takes less than ${sessions} sessions (MaxSessions), parts of a run fail.`,
      onHost("sudo sshd -T | grep -i maxsessions"),
    ).list;
  }
  const allowed = Number(settings.get("maxsessions") ?? sessions);
  if (allowed < sessions) {
    findings.error(
      `MaxSessions is ${allowed}`,
      `The program shares a connection among up to ${sessions} sessions, and each that is refused fails its part of a run.`,
      change(`MaxSessions ${sessions}`),
    );
  }
  if (findings.list.length > 0) return findings.list;
  const how = source === "effective" ? "" : ", by its files";
  return findings.ok(`${allowed} sessions a connection${how}`).list;
};
