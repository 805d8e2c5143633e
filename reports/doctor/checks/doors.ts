import type { Host } from "../../../fleet/model.ts";
import type { MachineFacts } from "../facts/machine.ts";
import { Findings, onHost } from "../finding.ts";
import { asRoot, type Check } from "./check.ts";

/**
 * A firewall of the distribution's lets visitors through to Caddy. Ports that Docker publishes go past such a
 * firewall; Caddy is on the host's own network, so it does not.
 */
export const doors: Check = ({ host }, { machine }) => {
  if (machine === undefined) return [];
  const findings = new Findings("host firewall");
  if (machine.ufw.isOn) ufw(host, machine, findings);
  if (machine.firewalld.isOn) firewalld(host, machine, findings);
  if (findings.list.length === 0) findings.ok("neither ufw nor firewalld is on");
  return findings.list;
};

const why = "Caddy is on the host's own network, where that firewall decides who reaches it.";

function ufw({ httpPort, httpsPort }: Host, machine: MachineFacts, findings: Findings): void {
  const wanted = [httpPort, httpsPort];
  const open = (port: number) =>
    machine.ufw.rules.some((rule) => {
      const [ports = ""] = rule.split(/[\s/]/);
      return /\bALLOW\b/.test(rule) && (ports.split(",").includes(String(port)) || /^WWW|Full/.test(rule));
    });
  const closed = wanted.filter((port) => !open(port));
  const remedy = onHost(asRoot(machine, `ufw allow ${wanted.join(",")}/tcp`), asRoot(machine, "ufw status"));
  if (machine.ufw.rules.length === 0) {
    findings.unknown(
      `ufw is on, and only root sees whether it lets ${wanted.join(" and ")} through`,
      why,
      remedy,
    );
  } else if (closed.length > 0) {
    findings.warning(`ufw has no rule that lets ${closed.join(" and ")} through`, why, remedy);
  } else findings.ok(`ufw lets ${wanted.join(" and ")} through`);
}

function firewalld({ httpPort, httpsPort }: Host, machine: MachineFacts, findings: Findings): void {
  const named: Readonly<Record<number, string>> = { 80: "http", 443: "https" };
  const wanted = [httpPort, httpsPort];
  const word = (port: number) => named[port] ?? `${port}/tcp`;
  const { open } = machine.firewalld;
  const closed = wanted.filter((port) => !open.includes(word(port)) && !open.includes(`${port}/tcp`));
  if (closed.length === 0) {
    findings.ok(`firewalld lets ${wanted.join(" and ")} through`);
    return;
  }
  const rules = closed.map((port) =>
    named[port] === undefined ? `--add-port=${port}/tcp` : `--add-service=${named[port]}`,
  );
  findings.warning(
    `firewalld's default zone does not let ${closed.join(" and ")} through`,
    why,
    onHost(
      asRoot(machine, `firewall-cmd --permanent ${rules.join(" ")}`),
      asRoot(
        machine,
        "firewall-cmd --reload   # the firewall container sets its rules again within a second",
      ),
    ),
  );
}
