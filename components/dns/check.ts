import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { dnsAdvice } from "../../fleet/dns/advice.ts";
import { cloudflareFault } from "../../fleet/dns/cloudflareFault.ts";
import { type FoundRecord, recordConflicts, type TenantRecords } from "../../fleet/dns/conflicts.ts";
import type { StackConfig } from "../../fleet/model.ts";
import type { DnsZone } from "./zone.ts";

/** More than any plan of Cloudflare's holds; the provider stops at 1000 by itself, and says nothing. */
const maxItems = 2_000_000;

/**
 * Looks into the zone before anything is made: that the token may, and that no record of somebody else stands where
 * ours will be. A preview looks too. An API that is down is a warning, since most runs change no record.
 */
export async function checkZone(
  zone: DnsZone | undefined,
  config: StackConfig,
  tenants: readonly TenantRecords[],
): Promise<void> {
  if (zone === undefined) return;
  for (const line of dnsAdvice(
    config,
    tenants.flatMap(({ records }) => records),
  )) {
    await pulumi.log.warn(line, zone);
  }
  const conflicts = recordConflicts(config, tenants, await found(zone, config));
  if (conflicts.length > 0) throw new pulumi.RunError(`\n${conflicts.join("\n")}`);
}

/** What the zone has below the domain. */
async function found(zone: DnsZone, { domain }: StackConfig): Promise<readonly FoundRecord[]> {
  const args = { zoneId: zone.dns.zoneId, name: { endswith: `.${domain}` }, maxItems };
  try {
    const { results } = await cloudflare.getDnsRecords(args, { provider: zone.provider });
    return results ?? [];
  } catch (error) {
    const { words, isOurs } = cloudflareFault(
      zone.dns.zone,
      error instanceof Error ? error.message : String(error),
    );
    if (isOurs) throw new pulumi.RunError(`\n${words}`);
    await pulumi.log.warn(words, zone);
    return [];
  }
}
