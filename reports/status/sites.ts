import { visitLogName } from "../../backends/docker/caddy/visitLog.ts";
import { notedSites, siteAnswers, type Visits } from "../../backends/docker/caddy/visits.ts";
import type { DockerTenant } from "../../backends/docker/tenant.ts";
import type { SiteAnswers } from "../../fleet/siteErrors.ts";

/** How far back status looks: long enough for a rate, short enough that it tells of now. */
export const visitsSeconds = 15 * 60;

/** What a site has answered its visitors lately; time as ISO 8601 in UTC. */
export interface SiteStatus extends Omit<SiteAnswers, "since"> {
  readonly since: string;
}

/** A tenant's sites whose visits are known. */
export const siteStatus = (
  plan: Pick<DockerTenant, "tenant" | "site" | "routes">,
  visits: ReadonlyMap<string, Visits>,
  now: Date,
): SiteStatus[] =>
  notedSites(plan).flatMap((site) => {
    const found = visits.get(visitLogName(plan.tenant, site));
    if (found === undefined) return [];
    const answers = siteAnswers(site, found, new Date(now.getTime() - visitsSeconds * 1000), now);
    return [{ ...answers, since: answers.since.toISOString() }];
  });
