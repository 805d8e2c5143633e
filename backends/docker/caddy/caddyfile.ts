import { cloudflareRanges } from "../../../fleet/dns/cloudflareRanges.ts";
import type { Host, Tls } from "../../../fleet/model.ts";
import type { BehindEdge } from "../../../fleet/wayIn.ts";
import { acmeOptions, askSite } from "./acme.ts";
import { pageSnippets } from "./pages.ts";
import { adminSocket } from "./places.ts";
import { ownDomainHeaders, usualHeaders } from "./vhost.ts";
import { visitorSnippet } from "./visitor.ts";

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
 * Who a visitor is. Directly, the address that has connected. Behind an edge, the one that the edge names in front of the
 * connection, and the edge alone is believed: others are served by their own address, and refused when they send
 * such a header. QUIC does not pass the edge, so it is not offered there.
 */
function listeners(edge: BehindEdge | undefined): string[] {
  if (edge === undefined)
    return [
      "		protocols h1 h2 h3",
      // A request in the first packet comes before its sender has shown that the address is his: it could be anybody's
      // attempt, and can be sent again by others. Sites that ask for the address would answer it with 425.
      "		0rtt off",
    ];
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
 * From a request's first byte to the last of its body, which is at most 1 MB. Answers may take as long as they like.
 */
export const wholeRequest = "30s";

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
	# Sites note time and status of visits. Caddy by itself would then write all of a request for a name of no site into its own log.
	log {
		exclude http.log.access
	}
${acmeOptions(tls)
  .map((line) => `${line}\n`)
  .join("")}	order rate_limit before basic_auth
	grace_period 10s
	servers {
${[...listeners(edge), ...(isProxied ? throughCloudflare : [])].join("\n")}
		timeouts {
			read_header ${tls.mode === "acme" ? firstVisit : "10s"}
			read_body ${wholeRequest}
			idle 2m
		}
	}
}

${securityHeaders(usualHeaders, "max-age=31536000; includeSubDomains")}

${securityHeaders(ownDomainHeaders, "max-age=31536000")}

${visitorSnippet}

${pageSnippets}

${askSite(tls)}${toHttps.site}import sites/*.caddy
`;
}
