import type { StackConfig } from "../model.ts";
import { hostNames } from "../names.ts";
import { type DnsRecord, recordComment, stackRecords } from "./records.ts";

/** A record as it was found in the zone. */
export interface FoundRecord {
  readonly name: string;
  readonly type: string;
  readonly content: string;
  readonly comment?: string | undefined;
}

/** A tenant and the records that it needs. */
export interface TenantRecords {
  readonly tenant: string;
  readonly records: readonly DnsRecord[];
}

const leads = ["A", "AAAA", "CNAME"];

/**
 * Records in the zone that this stack has not made, where its own would have to be, each with what to do. Cloudflare
 * refuses some of them and takes others without a word: a second A sends every other visitor elsewhere, and a name
 * with any record of its own is out of the wildcard's reach. A record is ours when it bears our comment.
 */
export function recordConflicts(
  config: StackConfig,
  tenants: readonly TenantRecords[],
  found: readonly FoundRecord[],
): string[] {
  const owners = new Map<string, string>([
    ...stackRecords(config).map(({ name }) => [name, recordComment(config)] as const),
    ...tenants.flatMap(({ tenant }) =>
      Object.values(hostNames(tenant, config.domain)).map(
        (name) => [name, recordComment(config, tenant)] as const,
      ),
    ),
  ]);
  const needed = new Set(tenants.flatMap(({ records }) => records.map(({ name }) => name)));
  const isWildcard = config.dns.mode === "wildcard";
  return found.flatMap(({ name, type, content, comment }) => {
    const ours = owners.get(name);
    if (ours === undefined || ours === comment) return [];
    const isShadow = isWildcard && !name.startsWith("*.");
    // What stands at a name that has no record of ours, such as a closed admin site's, is in nobody's way.
    if (!isShadow && !(leads.includes(type) && (isWildcard || needed.has(name)))) return [];
    const why = isShadow
      ? "and the wildcard does not reach names that have a record of their own. Delete it at Cloudflare"
      : `and this stack has not made it. Delete it at Cloudflare, or take it over as docs/dns-tls.md says`;
    return [`${name}: the zone has ${type} ${content}, ${why}.`];
  });
}
