import type { Host } from "../../model.ts";
import { type Files, fault } from "../files.ts";
import { type AddressKind, addressKind } from "../machine.ts";
import type { Problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** Records can be made: the domain lies in the zone, and what they point to is known. */
export const dns: Rule = (files) => [...publicAddresses(files), ...zone(files), ...targets(files)];

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

/** Hosts that records lead to need an address. */
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
  return named.flatMap(({ name, publicAddress }) => {
    const at = ["hosts", name, "publicAddress"];
    if (publicAddress.length > 0) return [];
    const what = {
      fault: "names no address, and DNS records lead there",
      remedy: "Write [203.0.113.10], for example.",
    };
    return [fault(config, at, what)];
  });
}
