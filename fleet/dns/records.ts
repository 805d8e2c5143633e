import { getDomain } from "tldts";
import { addressKind } from "../address.ts";
import type { Host, StackConfig, Tenant } from "../model.ts";
import { hostNames } from "../names.ts";

/** One DNS record that a stack needs; whole names without a dot at the end, as Cloudflare answers them. */
export interface DnsRecord {
  /** What its logical name has behind the tenant's: `dns-login`, `dns-login-2`; a custom domain's is its name. */
  readonly part: string;
  readonly name: string;
  /** `ALIAS` stands for what a provider offers at the top of a zone in place of a CNAME; by hand only. */
  readonly type: "A" | "AAAA" | "CNAME" | "ALIAS";
  /** An address, a host name, or `<address of host eu-1>` where a record by hand leads and nobody has said. */
  readonly content: string;
  /** `hand`: a zone that is not ours, or `provider: none`. */
  readonly by: "program" | "hand";
  /**
   * The record that has to be there before, and is replaced together with this one: with a name's first record goes
   * its second. Cloudflare takes no CNAME beside an A or AAAA of the same name.
   */
  readonly after?: string;
}

/** How long resolvers keep an answer, in seconds; Cloudflare takes 60 to 86400, or 1 for what it proxies. */
export const ttlSeconds = ({ dns }: Pick<StackConfig, "dns">) => (isProxied(dns) ? 1 : 300);

export const isProxied = (dns: StackConfig["dns"]) => dns.provider === "cloudflare" && dns.proxied;

/** Longest comment of a zone without a paid plan (Cloudflare's error 9313). */
const longestComment = 100;

/** Whose a record is, for people in the zone and for the check that no record of anybody else is in the way. */
export function recordComment({ stack }: Pick<StackConfig, "stack">, tenant?: string): string {
  return `olympus-fleet: ${tenant === undefined ? "all tenants" : `tenant ${tenant}`}, stack ${stack}`.slice(
    0,
    longestComment,
  );
}

/**
 * The records of one tenant: with `mode: records` one per name and address of its host, and one per custom domain. A
 * closed admin site (no `admin.allow`) has none, so that its name tells nothing.
 */
export function tenantRecords(tenant: Tenant, config: StackConfig): DnsRecord[] {
  if (!isInDns(config)) return [];
  const { login, api, admin } = hostNames(tenant.name, config.domain);
  const names = { login, api, ...(tenant.admin.allow.length > 0 && { admin }) };
  const home = config.hosts[tenant.host];
  const own =
    config.dns.mode === "wildcard" || home === undefined
      ? []
      : Object.entries(names).flatMap(([purpose, name]) =>
          leading(`dns-${purpose}`, name, home, madeBy(config)),
        );
  return [...own, ...tenant.domains.flatMap((name) => customRecords(name, login, tenant, config))];
}

/** The records that belong to no tenant: with `mode: wildcard` one below the domain, per address that routes. */
export const stackRecords = (config: StackConfig) =>
  Object.values(config.hosts).flatMap((host) => wildcardRecords(host, config));

/** Those of them that lead to this host: an edge, or the only host. */
export function wildcardRecords(host: Host, config: StackConfig): DnsRecord[] {
  const { edge, domain, dns } = config;
  const routes = edge === undefined || edge.hosts.includes(host.name);
  if (!isInDns(config) || dns.mode !== "wildcard" || !routes) return [];
  return leading(`dns-wildcard-${host.name}`, `*.${domain}`, host, madeBy(config));
}

/** `*.localhost` is every machine's own; no server has to know it. */
const isInDns = ({ domain }: StackConfig) => domain !== "localhost";

const madeBy = ({ dns }: StackConfig) => (dns.provider === "none" ? "hand" : "program");

/**
 * A custom domain lies in its owner's zone and follows the tenant's own name, so that moving the tenant changes
 * nothing there. Cloudflare's proxy answers for names of its own zone alone, so past it the owner needs the address; and
 * at the top of a zone, which has records of its own already, no CNAME may stand (RFC 1912, section 2.4).
 */
function customRecords(name: string, target: string, tenant: Tenant, config: StackConfig): DnsRecord[] {
  const isTop = isZoneTop(name);
  if (!isProxied(config.dns) && !isTop)
    return [{ part: name, name, type: "CNAME", content: target, by: "hand" }];
  const front = config.edge?.hosts ?? [tenant.host];
  const hosts = front.flatMap((host) => config.hosts[host] ?? []);
  return hosts
    .flatMap((host) => leading(`${name} ${host.name}`, name, host, "hand"))
    .map((record) => (isTop && record.type === "CNAME" ? { ...record, type: "ALIAS" } : record));
}

/** Whether a name is what somebody has registered, and so the top of a zone: `bigcorp.com`, `bigcorp.co.uk`. */
export const isZoneTop = (name: string) => getDomain(name) === name;

/** Records of a name that lead to a host, the IPv4 address first. */
function leading(part: string, name: string, host: Host, by: DnsRecord["by"]): DnsRecord[] {
  const contents = host.publicAddress.length > 0 ? host.publicAddress : [`<address of host ${host.name}>`];
  return contents
    .map((content) => ({ type: recordType(content), content: canonical(content) }))
    .sort((a, b) => (a.type < b.type ? -1 : 1))
    .map((answer, index) => ({
      part: index === 0 ? part : `${part}-${index + 1}`,
      name,
      ...answer,
      by,
      ...(index > 0 && { after: part }),
    }));
}

function recordType(content: string): DnsRecord["type"] {
  const kind = addressKind(content);
  return kind === "ipv6" ? "AAAA" : kind === "name" ? "CNAME" : "A";
}

/** An IPv6 address the way everybody prints it (RFC 5952): another spelling would look like a change for ever. */
function canonical(content: string): string {
  return addressKind(content) === "ipv6" ? new URL(`http://[${content}]/`).hostname.slice(1, -1) : content;
}

/** A record as the person who makes it needs it. */
export type RecordByHand = Pick<DnsRecord, "name" | "type" | "content">;

/** Those that the program does not make. */
export function recordsByHand(records: readonly DnsRecord[]): RecordByHand[] {
  return records
    .filter(({ by }) => by === "hand")
    .map(({ name, type, content }) => ({ name, type, content }));
}

/** `acme.id.example.com CNAME eu-1.example.net`, for people. */
export const recordLine = ({ name, type, content }: DnsRecord) => `${name} ${type} ${content}`;
