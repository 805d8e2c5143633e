import type { Tls } from "../../../fleet/model.ts";
import type { Site } from "../../../fleet/tenant/state.ts";
import type { DockerRoute, DockerTenant } from "../tenant.ts";
import { certificate, knownNames } from "./acme.ts";
import { closed } from "./closed.ts";
import { errorPages, missingPage } from "./pages.ts";
import { visitLog } from "./visitLog.ts";
import { oneVisitor, rateLimits } from "./visitor.ts";

/** Snippets of the host's Caddyfile. */
export const usualHeaders = "security_headers";
/** For a customer's own domain: what lies below it is not ours to bind to HTTPS. */
export const ownDomainHeaders = "security_headers_of_own_domain";

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
  // A request is what its method says, or it would pass as one that is not counted.
  "		header_up -X-HTTP-Method*",
  "		header_up -X-Method-Override",
  // Next.js up to 15.2.2 skips its middleware, which is Athena's guard, for who sends this (CVE-2025-29927).
  "		header_up -X-Middleware-*",
];

/**
 * Who comes while a service is replaced waits for the new one and is answered by it, in place of an error: that takes two to
 * four seconds (docs/performance.md). Caddy tries again what has reached nobody, whatever its method, and of the rest GET alone.
 * A service that is down is told after these seconds.
 */
const patience = ["		lb_try_duration 6s", "		lb_try_interval 100ms"];

/** Neither Hera nor Hydra speaks WebSocket; a request that could become many is made an ordinary one. */
const ordinary = ["		header_up -Upgrade", "		header_up -Connection"];

/** Athena streams React components over connections that stay open (Olympus athena#109). */
const streaming = [
  "			keepalive 65s",
  "			dial_timeout 10s",
  "			response_header_timeout 60s",
  "			read_timeout 120s",
];

/** A customer's own names have a block of their own, for their headers; the limits' counts are one. */
function sites(tenant: string, route: DockerRoute, tls: Tls, site: Site): string[] {
  const [own, custom] = [route.hostNames.slice(0, 1), route.hostNames.slice(1)];
  const block = (hostNames: readonly string[], headers: string) =>
    [
      `${hostNames.join(", ")} {`,
      ...certificate(route, tls),
      `	import ${headers}`,
      ...(site.kind === "open" ? open(tenant, route) : closed(tenant, route.purpose, site)),
      "}",
    ].join("\n");
  return [block(own, usualHeaders), ...(custom.length === 0 ? [] : [block(custom, ownDomainHeaders)])];
}

function open(tenant: string, route: DockerRoute): string[] {
  return [
    ...visitLog(tenant, route),
    "	request_body {",
    "		max_size 1MB",
    "	}",
    ...(route.hidden.length > 0 ? [`	@hidden path ${route.hidden.join(" ")}`, "	respond @hidden 404"] : []),
    ...access(route.allow),
    `	import ${oneVisitor}`,
    ...rateLimits(tenant, route.limits),
    `	reverse_proxy ${route.upstream} {`,
    ...patience,
    ...believed,
    "		transport http {",
    `			local_address ${route.from}`,
    ...(route.purpose === "admin" ? streaming : []),
    "		}",
    ...(route.purpose === "admin" ? [] : ordinary),
    ...(route.pages ? missingPage(tenant) : []),
    "	}",
    ...errorPages(tenant, route.pages),
  ];
}

/** A tenant's vhost file: everything that the outside can reach of it. */
export function vhost(
  { tenant, routes, site }: Pick<DockerTenant, "tenant" | "routes" | "site">,
  tls: Tls,
): string {
  return `${[
    `# ${tenant}: written by olympus-fleet; edits are overwritten.`,
    ...routes.flatMap((route) => sites(tenant, route, tls, site)),
    ...knownNames(routes, tls),
  ].join("\n\n")}\n`;
}
