import { type AddressKind, addressKind, isInside } from "../../fleet/address.ts";
import type { Host } from "../../fleet/model.ts";
import { hostNames } from "../../fleet/names.ts";
import { tokenKey } from "../../fleet/stackSecrets.ts";
import { type Files, fault } from "../files.ts";
import type { Problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** Records can be made: the domain lies in the zone, and what they point to is known. */
export const dns: Rule = (files) => [
  ...publicAddresses(files),
  ...zone(files),
  ...token(files),
  ...targets(files),
  ...selfReferences(files),
];

/** One address of each family, or one name: more would be a choice that nobody has made. */
function publicAddresses({ hosts, config }: Files): Problem[] {
  return [...hosts.values()].flatMap(({ name, publicAddress }) => {
    const excess = excessOf(publicAddress.map(addressKind));
    if (excess === undefined) return [];
    const remedy = 'Write [203.0.113.10], [203.0.113.10, "2001:db8::10"] or [eu-1.example.net].';
    return [fault(config, ["hosts", name, "publicAddress"], { fault: excess, remedy })];
  });
}

function excessOf(kinds: readonly (AddressKind | undefined)[]): string | undefined {
  if (kinds.includes("name")) return kinds.length > 1 ? "has a host name and something beside it" : undefined;
  const isTwice = new Set(kinds).size < kinds.length;
  return isTwice ? "has two addresses of one kind, and nobody says which of them it is" : undefined;
}

function zone({ config }: Files): Problem[] {
  const { dns: written, domain } = config.value ?? {};
  if (written?.provider !== "cloudflare" || domain === undefined) return [];
  if (domain === written.zone || domain.endsWith(`.${written.zone}`)) return [];
  const what = {
    fault: `${written.zone} is not the zone of the domain ${domain}`,
    remedy: `Write the zone that ${domain} lies in, and its zoneId.`,
  };
  return [fault(config, ["dns", "zone"], what)];
}

function token({ config, input }: Files): Problem[] {
  if (config.value?.dns?.provider !== "cloudflare" || input.secretKeys.includes(tokenKey)) return [];
  const key = `olympus:${tokenKey}`;
  const what = {
    fault: `stack ${input.stack} has no secret ${key}, without which it cannot make records`,
    remedy: `Write it with \`pulumi config set --secret ${key}\`; docs/dns-tls.md says how to get one.`,
    missingSecret: tokenKey,
  };
  return [fault(config, ["dns", "provider"], what)];
}

/** Hosts that records lead to need an address that can be led to. */
function targets({ config, hosts, hostNames, edges }: Files): Problem[] {
  const { dns: written, edge } = config.value ?? {};
  const homes = hostNames.filter((name) => !edges.includes(name));
  if (written?.mode === "wildcard" && edge === undefined && homes.length > 1) {
    const what = {
      fault: `one wildcard cannot lead to ${homes.length} hosts`,
      remedy: "Write mode: records, or an edge in front of them (olympus:edge).",
    };
    return [fault(config, ["dns", "mode"], what)];
  }
  if (written?.provider !== "cloudflare") return [];
  const named: readonly Host[] = (edges.length > 0 ? edges : homes).flatMap((name) => hosts.get(name) ?? []);
  return [
    ...named.flatMap((host) => unreachable(host, written.proxied ?? false, config)),
    ...(edges.length > 1 ? ambiguous(named, config) : []),
  ];
}

function unreachable({ name, publicAddress }: Host, isProxied: boolean, config: Files["config"]): Problem[] {
  const at = ["hosts", name, "publicAddress"];
  if (publicAddress.length === 0) {
    const remedy = "Write [203.0.113.10], for example.";
    return [fault(config, at, { fault: "names no address, and DNS records lead there", remedy })];
  }
  const inside = isProxied ? publicAddress.find(isInside) : undefined;
  if (inside === undefined) return [];
  const what = {
    fault: `${inside} is not reachable from the internet, where Cloudflare's proxy is`,
    remedy: "Write the public address, or proxied: false under olympus:dns.",
  };
  return [fault(config, [...at, publicAddress.indexOf(inside)], what)];
}

/** Several edges are several records of one name: neither twice the same one, nor a CNAME beside another. */
function ambiguous(edges: readonly Host[], config: Files["config"]): Problem[] {
  const owners = new Map<string, string>();
  return edges.flatMap(({ name, publicAddress }) =>
    publicAddress.flatMap((address, index) => {
      const owner = owners.get(address);
      owners.set(address, owner ?? name);
      const at = ["hosts", name, "publicAddress", index];
      if (owner !== undefined) {
        const remedy = "Write the address of each.";
        return [fault(config, at, { fault: `${address} is ${owner}'s too`, remedy })];
      }
      if (addressKind(address) !== "name") return [];
      const remedy = "Write its IP addresses.";
      return [fault(config, at, { fault: "a host name cannot share a DNS name with another edge", remedy })];
    }),
  );
}

/** A host under a name that a tenant has would be led to itself, whoever makes the records. */
function selfReferences({ config, hosts, entries }: Files): Problem[] {
  const { domain } = config.value ?? {};
  if (domain === undefined) return [];
  const owners = new Map(
    entries.flatMap(({ name, written }) =>
      [...Object.values(hostNames(name, domain)), ...(written.domains ?? [])].map(
        (own) => [own, name] as const,
      ),
    ),
  );
  return [...hosts.values()].flatMap(({ name, publicAddress }) => {
    const owner = owners.get(publicAddress[0] ?? "");
    if (owner === undefined) return [];
    const what = {
      fault: `${publicAddress[0]} is a name of tenant ${owner}, and would lead to itself`,
      remedy: "Write the host's IP address, or a name outside the stack's domain.",
    };
    return [fault(config, ["hosts", name, "publicAddress", 0], what)];
  });
}
