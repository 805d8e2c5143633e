import type { Route } from "../../../fleet/tenant/workload.ts";

/** Where Caddy notes what it has answered visitors: in its volume for certificates, which outlives the container. */
export const visitsFolder = "/data/visits";

/** Name of a site's log. No tenant has a dot in its name, so `acme.*` is acme's and nobody else's. */
export const visitLogName = (tenant: string, purpose: Route["purpose"]) => `${tenant}.${purpose}`;

/** Whether visits of a site are noted: not where nobody may enter. */
export const isNoted = ({ allow }: Pick<Route, "allow">) => allow?.length !== 0;

/**
 * What Caddy notes of a request (modules/caddyhttp/server.go, `logRequest`) and what nobody is to find on the disk: addresses,
 * paths, sign-in codes, cookies. An error while writing names the visitor's address. What stays is the time and the status.
 */
const unwanted = [
  "request",
  "resp_headers",
  "bytes_read",
  "user_id",
  "duration",
  "size",
  "write_error",
  "write_errorVerbose",
] as const;

/** Caddy leaves a key out whose name is empty. */
const unnamed = ["message_key", "level_key", "name_key", "caller_key", "stacktrace_key"] as const;

/** A line of such a log, whole: `{"ts":1795909363.1009603,"status":500}`. A regular expression of `awk`. */
export const visitLine = '^[{]"ts":[0-9.]+,"status":[0-9]+[}]$';

/**
 * Caddy's metrics begin at 0 with each reload, that is with each edit of any tenant, so each visit is a line. Each site has a file
 * of its own: a tenant with many visitors pushes out nobody else's. About 25,000 visits a MiB.
 *
 * Keys and discovery are fetched by machines, many times for each person who signs in, and would hide errors that people
 * see. Gates ask for them.
 */
export function visitLog(tenant: string, route: Pick<Route, "purpose" | "allow">): string[] {
  if (!isNoted(route)) return [];
  return [
    "	log {",
    `		output file ${visitsFolder}/${visitLogName(tenant, route.purpose)}.log {`,
    "			mode 0600",
    "			roll_size 1MiB",
    "			roll_keep 1",
    "			roll_keep_for 30d",
    "			roll_uncompressed",
    "		}",
    "		format filter {",
    "			wrap json {",
    ...unnamed.map((key) => `				${key} ""`),
    "			}",
    "			fields {",
    ...unwanted.map((field) => `				${field} delete`),
    "			}",
    "		}",
    "	}",
    ...(route.purpose === "api" ? ["	log_skip /.well-known/*"] : []),
  ];
}
