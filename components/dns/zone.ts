import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import {
  type DnsRecord,
  isProxied,
  recordComment,
  ttlSeconds,
  wildcardRecords,
} from "../../fleet/dns/records.ts";
import type { Dns, StackConfig } from "../../fleet/model.ts";
import { physicalName } from "../../fleet/names.ts";
import { tokenKey } from "../../fleet/stackSecrets.ts";
import type { Host } from "../docker/host/host.ts";

/** What is known of a zone at Cloudflare. */
export type CloudflareDns = Extract<Dns, { provider: "cloudflare" }>;

/**
 * A zone at Cloudflare in which the tenants' names are made.
 *
 * @example
 * ```ts
 * const zone = new DnsZone("dns", { dns, config, token: stackSecret("cloudflareApiToken") });
 * new TenantStack("acme", { plan, host, zone, stackSecret, protectData: true });
 * ```
 */
export interface DnsZoneArgs {
  /** The zone that the stack's domain lies in. Another one replaces every record. */
  dns: CloudflareDns;
  /** Whose records they are, and what they lead to. */
  config: StackConfig;
  /** API token with the permission to edit the zone's records. */
  token: pulumi.Input<string>;
}

/** Who a record belongs to. */
export interface RecordOwner {
  /** Its component, so that a preview shows the record there. */
  parent: pulumi.Resource;
  /** Undefined for what belongs to all of them. */
  tenant?: string;
  /** What has to be there before visitors are led to it. */
  dependsOn: pulumi.Resource[];
}

/** The stack's zone at Cloudflare: one explicit provider, and the records made with it. */
export class DnsZone extends pulumi.ComponentResource {
  readonly dns: CloudflareDns;
  readonly provider: cloudflare.Provider;
  private readonly config: StackConfig;

  constructor(name: string, { dns, config, token }: DnsZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("olympus:fleet:DnsZone", name, {}, opts);
    this.dns = dns;
    this.config = config;
    this.provider = new cloudflare.Provider(name, { apiToken: token }, { parent: this });
    this.registerOutputs({});
  }

  /**
   * Makes those of `records` that are the program's. Another address changes a record in place; another type replaces
   * it, the old one first and with it the name's second one: Cloudflare takes no CNAME beside an A or AAAA.
   */
  records(records: readonly DnsRecord[], { parent, tenant, dependsOn }: RecordOwner): cloudflare.DnsRecord[] {
    const made = new Map<string, cloudflare.DnsRecord>();
    for (const { part, name, type, content, after } of records.filter(({ by }) => by === "program")) {
      const first = after === undefined ? undefined : made.get(after);
      const record = new cloudflare.DnsRecord(
        tenant === undefined ? part : physicalName(tenant, part),
        {
          // Only an input that comes from the first record makes Pulumi delete this one together with it.
          zoneId: first?.zoneId ?? this.dns.zoneId,
          name,
          type,
          content,
          ttl: ttlSeconds(this.config),
          proxied: isProxied(this.dns),
          comment: recordComment(this.config, tenant),
        },
        { parent, provider: this.provider, dependsOn, deleteBeforeReplace: true },
      );
      made.set(part, record);
    }
    return [...made.values()];
  }

  /** The records that lead to a host for all tenants at once, once it is there. */
  wildcards(host: Host): cloudflare.DnsRecord[] {
    return this.records(wildcardRecords(host.config, this.config), { parent: this, dependsOn: [host] });
  }
}

/** The zone, unless records are made by hand. */
export function createZone(
  config: StackConfig,
  stackSecret: (key: string) => pulumi.Output<string>,
): DnsZone | undefined {
  const { dns } = config;
  if (dns.provider !== "cloudflare") return undefined;
  return new DnsZone("dns", { dns, config, token: stackSecret(tokenKey) });
}
