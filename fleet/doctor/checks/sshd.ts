import { Findings, onHost } from "../finding.ts";
import { asRoot, type Check } from "./check.ts";

/** Scripts that may run side by side over the one connection; sshd's default. */
const sessions = 10;

const file = "/etc/ssh/sshd_config.d/10-olympus-fleet.conf";

/** sshd allows what the program's way in needs. What the connection itself has proven is not asked again. */
export const sshd: Check = ({ host }, { machine }) => {
  if (host.ssh === undefined || machine === undefined) return [];
  const findings = new Findings("sshd");
  const { source, settings } = machine.sshd;
  const change = (line: string) =>
    onHost(`echo '${line}' | ${asRoot(machine, `tee -a ${file}`)}`, asRoot(machine, "systemctl reload ssh"));
  if (source === undefined) {
    return findings.unknown(
      "only root sees its limits",
      `A host that allows less than ${sessions} sessions in a connection (MaxSessions) ends scripts of a run early.`,
      onHost("sudo sshd -T | grep -iE 'maxsessions|maxstartups|allowstreamlocalforwarding'"),
    ).list;
  }
  const allowed = Number(settings.get("maxsessions") ?? sessions);
  if (allowed < sessions) {
    findings.error(
      `MaxSessions is ${allowed}`,
      `The program runs up to ${sessions} scripts over one connection; the host would refuse some of them.`,
      change(`MaxSessions ${sessions}`),
    );
  }
  const forwarding = settings.get("allowstreamlocalforwarding") ?? "yes";
  if (settings.get("disableforwarding") === "yes" || !/^(yes|all|local)$/.test(forwarding)) {
    findings.error(
      settings.get("disableforwarding") === "yes"
        ? "DisableForwarding is yes"
        : `AllowStreamLocalForwarding is ${forwarding}`,
      "The program speaks to the engine's socket through sshd, without a port on the network.",
      change(
        settings.get("disableforwarding") === "yes"
          ? "DisableForwarding no"
          : "AllowStreamLocalForwarding local",
      ),
    );
  }
  if (findings.list.length > 0) return findings.list;
  const how = source === "effective" ? "" : ", by its files";
  return findings.ok(`MaxSessions ${allowed}, sockets may be forwarded${how}`).list;
};
