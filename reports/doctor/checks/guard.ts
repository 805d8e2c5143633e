import { firewallContainer } from "../../../backends/docker/names.ts";
import type { Container } from "../facts/engine.ts";
import { answered, type HostFacts } from "../facts/facts.ts";
import { Findings, here, onHost } from "../finding.ts";
import { asRoot, type Check, daemonLines } from "./check.ts";

/** What keeps tenants apart and from the host's services, and lets Kratos out: forwarding, engine, and our own rules. */
export const guard: Check = (subject, facts) => {
  const engine = answered(facts.engine);
  if (engine === undefined || subject.isEdge) return [];
  const { machine } = facts;
  const findings = new Findings("guard");
  if (withoutRules(facts)) {
    findings.error(
      "dockerd is told to set no firewall rules (iptables: false)",
      "Kratos then has no way out, to mail and to the breach list, and what is not the fleet's is not kept apart.",
      onHost(...daemonLines(machine, 'without "iptables": false', "restart")),
    );
  }
  if (machine?.forwards === false) {
    findings.error(
      "the host forwards no packets (net.ipv4.ip_forward is 0)",
      "Kratos sends no mail and asks no breach list; the engine switches it on when it starts, and somebody off again.",
      onHost(
        `echo net.ipv4.ip_forward=1 | ${asRoot(machine, "tee /etc/sysctl.d/90-olympus-fleet.conf")}`,
        asRoot(machine, "sysctl --system"),
      ),
    );
  }
  const firewall = engine.containers.find(({ name, isOurs }) => name === firewallContainer && isOurs);
  const running = engine.containers.filter(
    ({ tenant, state }) => tenant !== undefined && state === "running",
  );
  const tool = machine?.iptables === undefined ? "" : ` (${machine.iptables})`;
  if (firewall === undefined && running.length === 0) {
    return findings.ok(`the firewall's rules come with the first pulumi up${tool}`).list;
  }
  const isMissing = machine?.isGuarded === false;
  if (firewall?.state === "running" && firewall.health !== "unhealthy" && !isMissing) {
    const state =
      machine?.isGuarded || firewall.health === "healthy" ? "are set and watched" : "are being set";
    return findings.ok(`the firewall's rules ${state}${tool}`).list;
  }
  const found = firewall === undefined ? gone(running.length) : wrong(firewall, isMissing);
  const why = "Without its rules a tenant's container reaches other tenants and every service of the host.";
  const remedy =
    firewall === undefined
      ? here(`pulumi up --refresh --stack ${subject.config.stack}`)
      : onHost(`docker logs --tail 20 ${firewallContainer}`, `docker restart ${firewallContainer}`);
  return (
    subject.host.inputRule === "report"
      ? findings.warning(found, why, remedy)
      : findings.error(found, why, remedy)
  ).list;
};

const gone = (running: number) => `${firewallContainer} is gone, and ${running} containers of tenants run`;

function wrong({ state, health }: Container, isMissing: boolean): string {
  if (state !== "running") return `${firewallContainer} is ${state}`;
  if (isMissing) return `rules of ${firewallContainer} are missing, though it runs`;
  return `${firewallContainer} is ${health}`;
}

function withoutRules({ machine }: HostFacts): boolean {
  const { settings = {}, arguments: words = "" } = machine?.daemon ?? {};
  return settings.iptables === false || /--iptables[= ]false/.test(words);
}
