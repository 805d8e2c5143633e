import { Findings, onHost } from "../finding.ts";
import { asRoot, type Check } from "./check.ts";

const file = "/etc/sysctl.d/90-olympus-fleet.conf";
/** Seven seconds; as distributed it is a minute or two. */
const patientRetries = 2;

/** What the kernel does with connections while Caddy reloads, and an edge's while a host is gone (ADR 8). */
export const settings: Check = ({ isEdge }, { machine }) => {
  if (machine === undefined) return [];
  const findings = new Findings("kernel settings");
  const set = (line: string) =>
    onHost(`echo ${line} | ${asRoot(machine, `tee -a ${file}`)}`, asRoot(machine, "sysctl --system"));
  const { migratesRequests, synRetries } = machine.settings;
  if (migratesRequests === false) {
    findings.warning(
      "net.ipv4.tcp_migrate_req is 0",
      "Anyone who is just connecting while Caddy reloads is reset: a few visitors each time on a busy host.",
      set("net.ipv4.tcp_migrate_req=1"),
    );
  }
  if (isEdge && synRetries !== undefined && synRetries > patientRetries) {
    findings.warning(
      `net.ipv4.tcp_syn_retries is ${synRetries}`,
      "Who comes while a host is silent waits a minute or two for the edge's answer, until the edge knows.",
      set(`net.ipv4.tcp_syn_retries=${patientRetries}`),
    );
  }
  if (findings.list.length === 0 && migratesRequests !== undefined)
    findings.ok("no visitor is lost to a reload");
  return findings.list;
};
