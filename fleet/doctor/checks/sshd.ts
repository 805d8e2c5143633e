import { Findings, onHost } from "../finding.ts";
import { asRoot, type Check } from "./check.ts";

/** sshd's default, which the program's own limit per connection (fleet/ssh/turn.sh) leaves room below. */
const sessions = 10;
/** The program's connections to a host, which it may open at the same time: engine, three for scripts, and ours. */
const connections = 5;

const file = "/etc/ssh/sshd_config.d/10-olympus-fleet.conf";

/** sshd allows as much as the program's way in needs: few connections, each with many sessions. */
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
      onHost("sudo sshd -T | grep -iE 'maxsessions|maxstartups|persource'"),
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
  const startups = Number((settings.get("maxstartups") ?? "10:30:100").split(":")[0]);
  if (startups < connections) {
    findings.error(
      `MaxStartups is ${settings.get("maxstartups")}`,
      `The program opens ${connections} connections at the same time, of which the host drops some.`,
      change("MaxStartups 10:30:100"),
    );
  }
  const perSource = settings.get("persourcemaxstartups") ?? "none";
  if (perSource !== "none" && Number(perSource) < connections) {
    findings.error(
      `PerSourceMaxStartups is ${perSource}`,
      `The program opens ${connections} connections from one address at the same time; the host drops some.`,
      change(`PerSourceMaxStartups ${connections}`),
    );
  }
  if (findings.list.length > 0) return findings.list;
  const how = source === "effective" ? "" : ", by its files";
  return findings.ok(`${allowed} sessions a connection, ${startups} connections at once${how}`).list;
};
