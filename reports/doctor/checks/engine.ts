import { engines, isOlder, oldestEngines } from "../../../hosts/engines.ts";
import { answered, type HostFacts } from "../facts/facts.ts";
import { Findings, inFile, onHost } from "../finding.ts";
import { hostLines, type Subject } from "../subject.ts";
import { asRoot, type Check } from "./check.ts";

/** Somebody answers at the engine's socket, and it is what the configuration says, new enough, and root's. */
export const engine: Check = (subject, facts) => {
  const findings = new Findings("engine");
  const found = answered(facts.engine);
  if (found === undefined) return silence(subject, facts, findings);
  const { kind, version, apiVersion, info } = found;
  const name = engines[kind].title;
  const least = oldestEngines[kind];
  if (kind !== subject.host.engine) {
    findings.error(
      `is ${name}, and the configuration says ${subject.host.engine}`,
      "The two differ in what may be written about a container; each run would replace them all.",
      inFile("In the stack's file write", ...hostLines(subject, `engine: ${kind}`)),
    );
  }
  if (isOlder(apiVersion, least.api) || isOlder(version, least.version)) {
    findings.error(
      `${name} ${version} with API ${apiVersion}`,
      `The oldest that will do is ${name} ${least.version} with API ${least.api}: ${least.why}`,
      onHost(
        asRoot(facts.machine, "apt-get update"),
        asRoot(facts.machine, `apt-get install ${least.package}`),
      ),
    );
  } else findings.ok(`${name} ${version}, API ${apiVersion}, ${info.OperatingSystem ?? "unknown system"}`);
  const options = info.SecurityOptions ?? [];
  if (info.Rootless === true || options.some((option) => /name=rootless/.test(option))) {
    findings.error(
      "runs without root",
      "Then Caddy gets neither ports 80 and 443 nor visitors' addresses, and nobody can set the INPUT rule.",
      kind === "docker"
        ? onHost("dockerd-rootless-setuptool.sh uninstall", "sudo systemctl enable --now docker")
        : onHost("sudo systemctl enable --now podman.socket podman-restart.service"),
    );
  }
  if (options.some((option) => /name=userns/.test(option))) {
    findings.error(
      "maps users (userns-remap)",
      "It refuses containers on the host's network, and Caddy and the firewall are such.",
      onHost("sudo editor /etc/docker/daemon.json   # without userns-remap", "sudo systemctl restart docker"),
    );
  }
  const open = (info.Warnings ?? []).find((warning) => /API is accessible on/.test(warning));
  if (open !== undefined) {
    findings.error(
      /https?:\/\/\S+/.exec(open)?.[0]
        ? `answers at ${/https?:\/\/[^\s]+/.exec(open)?.[0]} too`
        : "answers on the network too",
      "Anyone who reaches that port is root on the host.",
      onHost("sudo systemctl edit --full docker   # without -H tcp://…", "sudo systemctl restart docker"),
    );
  }
  return findings.list;
};

function silence({ host }: Subject, { machine, engine: state }: HostFacts, findings: Findings) {
  const said = "silence" in state ? state.silence : "";
  const unit = host.engine === "podman" ? "podman.socket" : "docker";
  const why = "Nothing runs on a host without an engine, and `pulumi up` fails for all of its tenants.";
  const root = (command: string) => asRoot(machine, command);
  if (machine === undefined) {
    return findings.error(`does not answer (${said})`, why, onHost(root(`systemctl status ${unit}`))).list;
  }
  const { user, socket } = machine;
  if (!socket.isThere && machine.command.path === undefined) {
    return findings.error(
      "there is none",
      why,
      onHost(root("apt-get update"), root(`apt-get install ${oldestEngines[host.engine].package}`)),
    ).list;
  }
  if (!socket.isThere) {
    return findings.error("does not run", why, onHost(root(`systemctl enable --now ${unit}`))).list;
  }
  if (!socket.isWritable) {
    return findings.error(
      `${user.name} may not use it (${socket.owner ?? "no rights at its socket"})`,
      "Anyone who may use the engine is root on the host by any measure; sudo is neither needed nor asked.",
      host.engine === "docker"
        ? {
            ...onHost(`sudo usermod -aG docker ${user.name}`),
            words: "Membership counts from the next sign-in",
          }
        : inFile(
            "Podman's socket is root's (docs/podman.md)",
            ...hostLines({ host }, `address: ssh://root@${host.ssh?.hostName}`),
          ),
    ).list;
  }
  if (machine.command.path === undefined) {
    return findings.error(
      `runs, and ${host.engine} is not on the PATH of a shell at which nobody sits`,
      "The engine is spoken to by its own command on the host, and so are gates and site files.",
      onHost(
        root(`apt-get install ${oldestEngines[host.engine].package}`),
        `sh -c 'command -v ${host.engine}'`,
      ),
    ).list;
  }
  return findings.error(
    `does not answer (${said})`,
    why,
    onHost(root(`systemctl restart ${unit}`), root(`journalctl -u ${unit} -n 50`)),
  ).list;
}
