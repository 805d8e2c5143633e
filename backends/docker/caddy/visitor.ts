import { physicalName } from "../../../fleet/names.ts";
import type { Limit } from "../../../fleet/tenant/workload.ts";

/** Snippet of the host's Caddyfile that says who counts as one visitor, as the placeholder `{visitor}`. */
export const oneVisitor = "one_visitor";

/**
 * One IPv4 address, or one IPv6 /64. Caddy can mask the address of a connection, but not the one that Cloudflare
 * reports, and caddy-ratelimit learned it only after v0.1.0 (mholt/caddy-ratelimit#23), so the first four groups are
 * taken from the text. `{client_ip}` is always in the one form of RFC 5952, without a zone: no leading zeros, and the
 * longest run of zeros is `::`. Written so that each /64 has one key, whether its zeros are in the run or not.
 */
export const visitorSnippet = `(${oneVisitor}) {
	map {client_ip} {visitor} {
		# IPv4, which some sockets show as ::ffff:192.0.2.1
		~^(?:::ffff:)?([0-9]+\\.[0-9.]+)$ "\${1}"
		~^((?:[0-9a-f]+:){4}) "\${1}"
		~^((?:[0-9a-f]+:){3}): "\${1}0:"
		~^((?:[0-9a-f]+:){2}): "\${1}0:0:"
		# a::d:1:2:3:4
		~^([0-9a-f]+:):([0-9a-f]+:)(?:[0-9a-f]+:){3}[0-9a-f]+$ "\${1}0:0:\${2}"
		~^([0-9a-f]+:): "\${1}0:0:0:"
		# Loopback, and what no network routes: all of it is one visitor.
		default other
	}
}`;

const zone = (tenant: string, { name }: Limit) => `${physicalName(tenant, name).replaceAll("-", "_")}`;

/** One handler for each, since they are asked in turn: what one refuses does not count for the next. */
export function rateLimits(tenant: string, limits: readonly Limit[]): string[] {
  return limits.flatMap((limit) => [
    "	rate_limit {",
    `		zone ${zone(tenant, limit)} {`,
    "			match {",
    "				not method GET HEAD OPTIONS",
    ...(limit.paths === undefined ? [] : [`				path ${limit.paths.join(" ")}`]),
    "			}",
    "			key {visitor}",
    `			events ${limit.requests}`,
    `			window ${limit.seconds}s`,
    "		}",
    "	}",
  ]);
}
