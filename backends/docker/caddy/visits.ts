import type { SiteAnswers } from "../../../fleet/siteErrors.ts";
import type { Route } from "../../../fleet/tenant/workload.ts";
import { line } from "../../../hosts/shell.ts";
import { caddyContainer } from "../names.ts";
import type { DockerTenant } from "../tenant.ts";
import { isNoted, visitLine, visitLogName, visitsFolder } from "./visitLog.ts";

/** What visitors of a site were answered. */
export interface Visits {
  /** Those that say how the site is: answered, or failed. What a visitor did wrong (4xx) says nothing. */
  readonly answered: number;
  /** Of these, those that were answered with 500-599. */
  readonly failed: number;
  /** How many seconds ago the oldest visit was that is still known; undefined where none is. */
  readonly oldestSeconds: number | undefined;
}

/** A site whose visits are to be counted. */
export interface CountedSite {
  /** `visitLogName()` */
  readonly log: string;
  /** From how many seconds ago on. A span and no moment, so that a host whose clock is wrong counts right. */
  readonly seconds: number;
}

/** The same by the clock of who asks, from the oldest visit on where those before it are not known any more. */
export function siteAnswers(
  site: string,
  { answered, failed, oldestSeconds }: Visits,
  since: Date,
  now: Date,
): SiteAnswers {
  const oldest = now.getTime() - (oldestSeconds ?? 0) * 1000;
  const from = oldestSeconds === undefined ? since.getTime() : Math.max(since.getTime(), oldest);
  return { site, visits: answered, failed, since: new Date(from) };
}

/** Purposes of a tenant's sites whose visits Caddy notes. */
export const notedSites = ({ site, routes }: Pick<DockerTenant, "site" | "routes">): Route["purpose"][] =>
  site.kind === "open" ? routes.filter(isNoted).map(({ purpose }) => purpose) : [];

/** All of a tenant's sites. */
export const countedSites = (
  plan: Pick<DockerTenant, "tenant" | "site" | "routes">,
  seconds: number,
): CountedSite[] => notedSites(plan).map((purpose) => ({ log: visitLogName(plan.tenant, purpose), seconds }));

/**
 * Runs in Caddy's container; arguments are pairs of log and seconds. A log is the file that Caddy writes and the full one before
 * it; Caddy may change them while they are read, so they are read again then. Of a line that is no visit nobody knows what
 * it was; the last one may be half written.
 */
const count = `now=$(date +%s)
cd ${visitsFolder} || exit 1
while [ $# -ge 2 ]; do
  for attempt in 1 2 3; do
    files=$(ls "$1".log "$1"-*.log 2>/dev/null)
    case $files in *"$1.log"*) ;; *) break ;; esac
    found=$(cat $files | awk -v from=$((now - $2)) -v now="$now" '
      !/${visitLine}/ { strange++; next }
      { split($0, part, /[:,}]/); at = part[2] + 0; status = part[4] + 0 }
      oldest == "" || at < oldest { oldest = at }
      at < from { next }
      status >= 100 && status < 400 { answered++ }
      status >= 500 && status < 600 { answered++; failed++ }
      END {
        age = "-"
        if (oldest != "") { age = now - oldest; age = sprintf("%d", age < 0 ? 0 : age) }
        printf "%d %d %s %d", answered, failed, age, strange
      }')
    [ "$(ls "$1".log "$1"-*.log 2>/dev/null)" = "$files" ] || continue
    echo "visits=$1 $found"
    break
  done
  shift 2
done`;

/**
 * A command of the host's shell that counts, and prints a line for each site.
 *
 * @param caddy name of Caddy's container. Default: the host's own
 */
export const visitsCommand = (sites: readonly CountedSite[], caddy = caddyContainer) =>
  line(
    ...["docker", "exec", caddy, "sh", "-c", count, "sh"],
    ...sites.flatMap(({ log, seconds }) => [log, String(seconds)]),
  );

/** Lines that are no visit and yet no reason to doubt the rest: cut off when the host lost power, or its disk was full. */
const tornLines = 10;

/** Reads what `visitsCommand` has printed, by name of the log. A site that nobody could count is missing. */
export function visits(lines: readonly string[]): ReadonlyMap<string, Visits> {
  return new Map(
    lines.flatMap((text): [string, Visits][] => {
      const [, log, answered, failed, age, strange] =
        /^visits=(\S+) (\d+) (\d+) (\d+|-) (\d+)$/.exec(text) ?? [];
      if (log === undefined || Number(strange) > tornLines) return [];
      const oldestSeconds = age === "-" ? undefined : Number(age);
      return [[log, { answered: Number(answered), failed: Number(failed), oldestSeconds }]];
    }),
  );
}
