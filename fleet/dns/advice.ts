import type { StackConfig } from "../model.ts";
import { visitorsPort } from "../wayIn.ts";
import { type DnsRecord, isZoneTop } from "./records.ts";

/** What a zone without a paid plan holds when it was made after 2024-09-01; older ones hold 1000, paid ones 3500. */
const freeRecords = 200;

/** Ports on which the proxy takes HTTPS; it connects to the host on the same one. */
const proxiedPorts = [443, 2053, 2083, 2087, 2096, 8443];

/** What works only under conditions that nobody can see from here. */
export function dnsAdvice(config: StackConfig, records: readonly DnsRecord[]): string[] {
  return [...zoneTops(records), ...atCloudflare(config, records)];
}

/** A record that cannot be a CNAME does not follow the tenant. */
function zoneTops(records: readonly DnsRecord[]): string[] {
  const tops = records.filter(({ name, by }) => by === "hand" && isZoneTop(name));
  const names = [...new Set(tops.map(({ name }) => name))];
  if (names.length === 0) return [];
  const alias = tops.some(({ type }) => type === "ALIAS")
    ? " ALIAS is what some providers call a name that leads to another one there; without it, the host's addresses."
    : "";
  return [
    `No CNAME may stand at the top of a zone, so ${shortList(names)} ${names.length === 1 ? "leads" : "lead"} to addresses: the owner must change them when the ` +
      `tenant moves or the host's address changes. A name below it, such as login.${names[0]}, follows by itself.${alias}`,
  ];
}

const shortList = (names: readonly string[]) =>
  `${names.slice(0, 3).join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`;

function atCloudflare(config: StackConfig, records: readonly DnsRecord[]): string[] {
  const { dns, domain } = config;
  if (dns.provider !== "cloudflare") return [];
  const ports = new Set(Object.values(config.hosts).map((host) => visitorsPort(host, config)));
  const closed = [...ports].filter((port) => !proxiedPorts.includes(port));
  const ours = records.filter(({ by }) => by === "program").length;
  const customs = [...new Set(records.filter(({ by }) => by === "hand").map(({ name }) => name))];
  return [
    ...(dns.proxied && domain !== dns.zone
      ? [
          `Cloudflare's usual certificate covers names right below ${dns.zone}, and *.${domain} lies deeper: order an ` +
            "advanced certificate for it there, or browsers refuse to connect (olympus:dns.proxied).",
        ]
      : []),
    ...(dns.proxied && closed.length > 0
      ? [
          `Cloudflare's proxy takes HTTPS on the ports ${proxiedPorts.join(", ")}, and hosts have ${closed.join(", ")}: visitors ` +
            "do not get through.",
        ]
      : []),
    ...(dns.proxied && customs.length > 0
      ? [
          `Cloudflare's proxy answers for names of ${dns.zone} alone, so custom domains lead past it (${shortList(customs)}` +
            "): their owners must change them when a tenant moves.",
        ]
      : []),
    ...(ours > freeRecords
      ? [
          `${ours} DNS records: a free zone at Cloudflare holds ${freeRecords}, a paid one 3500. With mode: wildcard there ` +
            "is one for all tenants.",
        ]
      : []),
  ];
}
