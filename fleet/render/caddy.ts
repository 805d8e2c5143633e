import { cloudflareRanges } from "../cloudflareRanges.ts";
import type { BehindEdge } from "../edge.ts";
import type { Host, Tls } from "../model.ts";
import { physicalName } from "../names.ts";
import type { Route } from "../workloads/workload.ts";
import { acmeOptions, askSite, certificate, knownNames } from "./acme.ts";
import { adminSocket } from "./places.ts";

export { adminSocket } from "./places.ts";

/** Olympus's headers (prod/Caddyfile). The content security policy belongs to the UIs. */
const securityHeaders = (snippet: string, hsts: string) => `(${snippet}) {
	header {
		Strict-Transport-Security "${hsts}"
		X-Frame-Options DENY
		X-Content-Type-Options nosniff
		Referrer-Policy strict-origin-when-cross-origin
		Permissions-Policy "camera=(), microphone=(), geolocation=()"
		-Server
	}
}`;

/** A customer's own domain: what lies below it is not ours to bind to HTTPS. */
const ownDomainHeaders = "security_headers_of_own_domain";

/**
 * Caddy takes its HTTPS port for one that a router forwards 443 to, and leaves it out of its redirects. On a
 * laptop where 443 is taken nobody does that, so the way to HTTPS is written out.
 *
 * Behind an edge the site is there even when it is empty: Caddy puts its redirects into it, and a server that Caddy
 * makes for them by itself would know nothing of the PROXY protocol.
 */
function redirects(httpsPort: number, edge: BehindEdge | undefined) {
  const visible = edge?.httpsPort ?? httpsPort;
  if (visible === 443) return { option: "", site: edge ? "http:// {\n}\n\n" : "" };
  return {
    option: "	auto_https disable_redirects\n",
    site: `http:// {\n	redir https://{host}:${visible}{uri} 308\n}\n\n`,
  };
}

/**
 * Who a visitor is. Directly, whoever has connected. Behind an edge, whoever the edge says in front of the
 * connection, and the edge alone is believed: others are served by their own address, and refused when they send
 * such a header. QUIC does not pass the edge, so it is not offered there.
 */
function listeners(edge: BehindEdge | undefined): string[] {
  if (edge === undefined) return ["		protocols h1 h2 h3"];
  return [
    "		protocols h1 h2",
    "		listener_wrappers {",
    "			proxy_protocol {",
    "				timeout 5s",
    `				allow ${edge.from.join(" ")}`,
    "				fallback_policy reject",
    "			}",
    "			tls",
    "		}",
  ];
}

/**
 * Behind Cloudflare's proxy a connection comes from one of its addresses, and a header says who the visitor is. From
 * any other address that header is worth nothing.
 */
const throughCloudflare = [
  `		trusted_proxies static ${cloudflareRanges.join(" ")}`,
  "		trusted_proxies_strict",
  "		client_ip_headers CF-Connecting-IP",
];

/** Bounds the TLS handshake too, in which a name's first visitor waits for its certificate. */
const firstVisit = "30s";

/**
 * The host's own Caddyfile. It names no tenant, so adding one never changes it.
 *
 * @param edge undefined where visitors reach the host by itself
 * @param isProxied whether visitors come through Cloudflare's proxy
 */
export function caddyfile(
  { httpPort, httpsPort }: Pick<Host, "httpPort" | "httpsPort">,
  tls: Tls,
  edge?: BehindEdge,
  isProxied = false,
): string {
  const toHttps = redirects(httpsPort, edge);
  return `{
	admin unix/${adminSocket}
	http_port ${httpPort}
	https_port ${httpsPort}
${toHttps.option}	# The machine's trust store is not ours to write.
	skip_install_trust
${acmeOptions(tls)
  .map((line) => `${line}\n`)
  .join("")}	order rate_limit before basic_auth
	grace_period 10s
	servers {
${[...listeners(edge), ...(isProxied ? throughCloudflare : [])].join("\n")}
		timeouts {
			read_header ${tls.mode === "acme" ? firstVisit : "10s"}
			idle 2m
		}
	}
}

${securityHeaders("security_headers", "max-age=31536000; includeSubDomains")}

${securityHeaders(ownDomainHeaders, "max-age=31536000")}

${askSite(tls)}${toHttps.site}import sites/*.caddy
`;
}

const zone = (tenant: string) => physicalName(tenant, "login").replaceAll("-", "_");

/** Olympus's numbers: 5 sign-in attempts in 10 seconds from one address, counted per tenant. */
function rateLimit(tenant: string, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  return [
    "	rate_limit {",
    `		zone ${zone(tenant)} {`,
    "			match {",
    "				method POST",
    `				path ${paths.join(" ")}`,
    "			}",
    "			key {client_ip}",
    "			events 5",
    "			window 10s",
    "		}",
    "	}",
  ];
}

/** No range allowed: closed to everybody. */
function access(allow: readonly string[] | undefined): string[] {
  if (allow === undefined) return [];
  if (allow.length === 0) return ["	respond 403"];
  return [`	@stranger not client_ip ${allow.join(" ")}`, "	respond @stranger 403"];
}

/**
 * What a client claims about itself is thrown away: Kratos, Hydra and the UIs believe these headers, and Kratos prefers
 * those of Cloudflare for the address and the place that it keeps with a session (ory/x httpx/client_info.go).
 */
const believed = [
  "		header_up X-Forwarded-For {client_ip}",
  "		header_up X-Real-IP {client_ip}",
  "		header_up X-Forwarded-Host {hostport}",
  "		header_up X-Forwarded-Proto {scheme}",
  "		header_up -True-Client-IP",
  "		header_up -CF-*",
  "		header_up -Forwarded",
];

/** Athena streams React components over connections that stay open (Olympus athena#109). */
const streaming = [
  "		transport http {",
  "			keepalive 65s",
  "			dial_timeout 10s",
  "			response_header_timeout 60s",
  "			read_timeout 120s",
  "		}",
];

/** A customer's own names have a block of their own, for their headers; the rate limit's zone is one. */
function sites(tenant: string, route: Route, tls: Tls): string[] {
  const [own, custom] = [route.hostNames.slice(0, 1), route.hostNames.slice(1)];
  return [
    site(tenant, { ...route, hostNames: own }, "security_headers", tls),
    ...(custom.length === 0 ? [] : [site(tenant, { ...route, hostNames: custom }, ownDomainHeaders, tls)]),
  ];
}

function site(tenant: string, route: Route, headers: string, tls: Tls): string {
  return [
    `${route.hostNames.join(", ")} {`,
    ...certificate(route, tls),
    `	import ${headers}`,
    "	request_body {",
    "		max_size 1MB",
    "	}",
    ...(route.hidden.length > 0 ? [`	@hidden path ${route.hidden.join(" ")}`, "	respond @hidden 404"] : []),
    ...access(route.allow),
    ...rateLimit(tenant, route.limited),
    `	reverse_proxy ${route.upstream} {`,
    ...believed,
    ...(route.purpose === "admin" ? streaming : []),
    "	}",
    "}",
  ].join("\n");
}

/** A tenant's vhost file: everything that the outside can reach of it. */
export function vhost(tenant: string, routes: readonly Route[], tls: Tls): string {
  return `${[
    `# ${tenant}: written by olympus-fleet; edits are overwritten.`,
    ...routes.flatMap((route) => sites(tenant, route, tls)),
    ...knownNames(routes, tls),
  ].join("\n\n")}\n`;
}
