import { askPort } from "../../../backends/docker/caddy/acme.ts";
import { caddyContainer } from "../../../backends/docker/names.ts";
import { answered, type HostFacts } from "../facts/facts.ts";
import { Findings, inFile, onHost, type Remedy } from "../finding.ts";
import { hostLines, type Subject } from "../subject.ts";
import { asRoot, type Check } from "./check.ts";

/** Programs whose service on Debian and Ubuntu has another name than they, or the same. */
const services: Readonly<Record<string, string>> = {
  nginx: "nginx",
  apache2: "apache2",
  httpd: "httpd",
  caddy: "caddy",
  haproxy: "haproxy",
  traefik: "traefik",
  lighttpd: "lighttpd",
};

interface Holder {
  readonly words: string;
  readonly remedy: Remedy;
}

/** Caddy's ports are free, or Caddy's own. */
export const ports: Check = (subject, facts) => {
  const { machine } = facts;
  const { httpPort, httpsPort } = subject.host;
  if (machine === undefined) return [];
  const findings = new Findings("ports");
  const wanted = [httpPort, httpsPort];
  for (const port of wanted) {
    const holder = holderOf(port, subject, facts);
    if (holder === undefined) continue;
    findings.error(
      `port ${port} is held by ${holder.words}`,
      "Caddy answers there for every tenant of the host; without the port none of its sites is reached.",
      holder.remedy,
    );
  }
  const asking = asks(subject) ? holderOf(askPort, subject, facts) : undefined;
  if (asking !== undefined) {
    findings.error(
      `port ${askPort} is held by ${asking.words}`,
      "Caddy asks itself there, on loopback, which names may have a certificate; without the port it does not start.",
      asking.remedy,
    );
  }
  const caddy = ownCaddy(facts);
  const udp = machine.listeners.find(({ protocol, port }) => protocol === "udp" && port === httpsPort);
  if (udp !== undefined && caddy === undefined && subject.config.edge === undefined) {
    findings.warning(
      `port ${httpsPort} for UDP is held by a program of user ${udp.user}`,
      "Browsers that speak HTTP/3 go there first, and only then to Caddy.",
      onHost(
        asRoot(machine, `ss -lunp 'sport = :${httpsPort}'   # shows the program; stop what it belongs to`),
      ),
    );
  }
  if (findings.list.length > 0) return findings.list;
  return findings.ok(
    `${wanted.join(" and ")} ${caddy === undefined ? "are free" : `are ${caddyContainer}'s`}`,
  ).list;
};

/** Edges hold no certificates of tenants. */
const asks = ({ config, isEdge }: Subject) => config.tls.mode === "acme" && !isEdge;

const ownCaddy = ({ engine }: HostFacts) =>
  answered(engine)?.containers.find(
    ({ name, isOurs, state }) => name === caddyContainer && isOurs && state === "running",
  );

/** Undefined where nobody but Caddy holds the port. */
function holderOf(port: number, subject: Subject, facts: HostFacts): Holder | undefined {
  const { machine, engine } = facts;
  const container = answered(engine)?.containers.find(({ ports: published }) => published.includes(port));
  if (container !== undefined) {
    return {
      words: `container ${container.name}`,
      remedy: { ...onHost(`docker stop ${container.name}`), words: "If nobody needs it" },
    };
  }
  const listener = machine?.listeners.find((one) => one.protocol === "tcp" && one.port === port);
  if (listener === undefined) return undefined;
  const program = machine?.holders.get(port);
  if (ownCaddy(facts) !== undefined && (program === undefined || program.startsWith("caddy ")))
    return undefined;
  const root = (line: string) => asRoot(machine, line);
  if (program === undefined) {
    const look = `ss -ltnp 'sport = :${port}'   # shows the program; stop what it belongs to`;
    return { words: `a program of user ${listener.user}`, remedy: onHost(root(look)) };
  }
  const service = services[program.split(" ")[0] ?? ""];
  if (service !== undefined)
    return { words: program, remedy: onHost(root(`systemctl disable --now ${service}`)) };
  const id = /\d+/.exec(program.split("(process").at(-1) ?? "")?.[0] ?? "";
  return {
    words: program,
    remedy:
      program.startsWith("sshd ") || program.startsWith("systemd ")
        ? inFile("In the stack's file", ...hostLines(subject, "httpPort: ANOTHER", "httpsPort: ANOTHER"))
        : onHost(root(`systemctl status ${id}   # shows the service that it belongs to; stop that`)),
  };
}
