import { addressKind } from "../../../fleet/address.ts";
import type { Host } from "../../../fleet/model.ts";
import type { DockerTenant } from "../tenant.ts";
import { adminSocket, wholeRequest } from "./caddyfile.ts";

type Plan = Pick<DockerTenant, "tenant" | "host" | "routes">;
type Home = Pick<Host, "name" | "publicAddress" | "httpPort" | "httpsPort">;

/** What the edge itself answers, and with which status, when no host does. */
const answers = {
  unknown: { status: 404, text: "There is nothing under this name." },
  unreachable: { status: 502, text: "The service under this name cannot be reached at the moment." },
} as const;
type Answer = keyof typeof answers;
const schemes = ["http", "https"] as const;
type Scheme = (typeof schemes)[number];

/** In memory, in the container alone: nothing on the network can send a PROXY header there. */
const socket = (answer: Answer, scheme: Scheme) => `unix//run/caddy/${answer}.${scheme}.sock`;

/**
 * How a host is reached; the underscores are there since no host is called so. One that refuses connections is tried
 * thrice within half a second, since a Caddy that takes over a new configuration may refuse one. One that is silent is
 * given up after three checks, and what is open to it is cut, so that nobody hangs. caddy-l4 has no limit of its own
 * for making a connection: who comes before the third check waits for the kernel's (net.ipv4.tcp_syn_retries).
 *
 * No `max_connections`: caddy-l4 0.1.2 counts connections up and never down.
 */
const reach = `(reach_a_host) {
	proxy_protocol v2
	lb_policy first
	lb_try_duration 15s
	lb_try_interval 150ms
	fail_duration 2s
	max_fails 3
	health_interval 1s
	health_timeout 2s
	health_fall 3
	close_if_unhealthy
}`;

const bracketed = (address: string) => (addressKind(address) === "ipv6" ? `[${address}]` : address);
const indented = (depth: number, lines: readonly string[]) =>
  lines.map((line) => "\t".repeat(depth) + line).join("\n");

/** A tenant is one line, so what an edit of the fleet does to the edge is seen at a glance. */
function map(home: Home, plans: readonly Plan[]): string {
  const lines = plans.map(({ routes }) => `\t\t${routes.flatMap(({ hostNames }) => hostNames).join(" ")} \\`);
  return [`(${home.name}) {`, "\t{args[0]} \\", ...lines, `\t\t# end of ${home.name}`, "}"].join("\n");
}

function way(home: Home, scheme: Scheme): string {
  const port = scheme === "http" ? home.httpPort : home.httpsPort;
  // layer 4 matchers by what a connection begins with: a request's host, or the name in a TLS handshake
  const matcher = scheme === "http" ? "http" : "tls";
  const property = scheme === "http" ? "host" : "sni";
  return indented(3, [
    `@${home.name} ${matcher} {`,
    `\timport ${home.name} ${property}`,
    "}",
    `route @${home.name} {`,
    "\tproxy {",
    "\t\timport reach_a_host",
    ...home.publicAddress.map((address) => `\t\tupstream ${bracketed(address)}:${port}`),
    `\t\tupstream ${socket("unreachable", scheme)}`,
    "\t}",
    "}",
  ]);
}

function server(edge: Pick<Host, "httpPort" | "httpsPort">, homes: readonly Home[], scheme: Scheme): string {
  const unknown = [
    "route {",
    "\tproxy {",
    "\t\tproxy_protocol v2",
    `\t\tupstream ${socket("unknown", scheme)}`,
    "\t}",
    "}",
  ];
  return [
    `		:${scheme === "http" ? edge.httpPort : edge.httpsPort} {`,
    "			matching_timeout 5s",
    ...homes.map((home) => way(home, scheme)),
    indented(3, unknown),
    "		}",
  ].join("\n");
}

/** Each answer ends its connection: the next one may find the host again. */
function site(answer: Answer, scheme: Scheme): string {
  const { status, text } = answers[answer];
  return [
    // The name is nobody's (RFC 2606); it gives Caddy one certificate to make, which is shown for every other name.
    `${scheme === "http" ? "http://" : "https://edge.invalid, https://"} {`,
    `	bind ${socket(answer, scheme)}`,
    "	header Connection close",
    "	header Cache-Control no-store",
    `	respond "${text}" ${status}`,
    "}",
  ].join("\n");
}

/**
 * The whole configuration of an edge: it reads the name at the beginning of a connection and passes the connection
 * on, TLS and all, with the visitor's address in a PROXY header. Names of no tenant get 404 from the edge itself,
 * those of a host that cannot be reached 502.
 *
 * @param homes hosts that tenants live on
 * @param plans of all tenants on them
 */
export function edgeCaddyfile(
  edge: Pick<Host, "httpPort" | "httpsPort">,
  homes: readonly Home[],
  plans: readonly Plan[],
): string {
  const inhabited = homes
    .map((home) => ({ home, plans: plans.filter(({ host }) => host === home.name) }))
    .filter(({ plans }) => plans.length > 0);
  const used = inhabited.map(({ home }) => home);
  return `# The edge: written by olympus-fleet; edits are overwritten.

# The names of each host's tenants, one tenant a line.
${inhabited.map(({ home, plans }) => `${map(home, plans)}\n`).join("")}
${reach}

{
	admin unix/${adminSocket}
	# The machine's trust store is not ours to write, and nobody is to trust the edge's own certificate.
	skip_install_trust
	local_certs
	auto_https disable_redirects
	default_sni edge.invalid
	fallback_sni edge.invalid
	grace_period 10s
	servers {
		protocols h1
		listener_wrappers {
			proxy_protocol
			tls
		}
		timeouts {
			read_header 10s
			read_body ${wholeRequest}
			idle 30s
		}
	}
	layer4 {
${schemes.map((scheme) => server(edge, used, scheme)).join("\n")}
	}
}

${schemes.flatMap((scheme) => [site("unknown", scheme), site("unreachable", scheme)]).join("\n\n")}
`;
}
