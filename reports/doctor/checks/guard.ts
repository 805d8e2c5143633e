import { firewallContainer } from "../../../backends/docker/names.ts";
import { answered, type HostFacts } from "../facts/facts.ts";
import { Findings, here, onHost } from "../finding.ts";
import { asRoot, type Check, daemonLines } from "./check.ts";

/** What keeps tenants apart and from the host's services: the engine's rules, forwarding, and the INPUT rule. */
export const guard: Check = (subject, facts) => {
  const engine = answered(facts.engine);
  if (engine === undefined || subject.isEdge) return [];
  const { machine } = facts;
  const findings = new Findings("guard");
  if (withoutRules(facts)) {
    findings.error(
      "dockerd is told to set no firewall rules (iptables: false)",
      "Nothing then keeps the containers of two tenants from each other.",
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
    return findings.ok(`the INPUT rule comes with the first pulumi up${tool}`).list;
  }
  if (firewall?.state === "running" && firewall.health !== "unhealthy") {
    const state = firewall.health === "healthy" ? "is set and watched" : "is being set";
    return findings.ok(`the INPUT rule ${state}${tool}`).list;
  }
  const found =
    firewall === undefined
      ? `${firewallContainer} is gone, and ${running.length} containers of tenants run`
      : `${firewallContainer} is ${firewall.state === "running" ? "unhealthy" : firewall.state}`;
  const why = "Without the INPUT rule a tenant's container reaches every service of the host.";
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

function withoutRules({ machine }: HostFacts): boolean {
  const { settings = {}, arguments: words = "" } = machine?.daemon ?? {};
  return settings.iptables === false || /--iptables[= ]false/.test(words);
}
