import { addressKind } from "../../fleet/address.ts";
import { type Files, fault, hasWritten } from "../files.ts";
import { shown } from "../pasted.ts";
import type { Problem } from "../problem.ts";
import { didYouMean } from "../suggestion.ts";
import type { Rule } from "./rule.ts";

/** The edge is made of hosts of this stack that hold no tenant, and can find the hosts that do. */
export const edge: Rule = (files) => {
  if (files.config.value?.edge === undefined) return [];
  return [...members(files), ...tenantsOnEdges(files), ...addresses(files), ...ports(files), ...mode(files)];
};

function members({ config, edges, hostNames, input }: Files): Problem[] {
  const at = ["edge", "hosts"];
  if (edges.length === 0) {
    const what = { fault: "names no host", remedy: "Write the host that routes, or remove olympus:edge." };
    return [fault(config, at, what)];
  }
  const strangers = edges.flatMap((name, index) => {
    if (hostNames.includes(name)) return [];
    const what = {
      fault: `${shown(name)} is not a host of stack ${input.stack} (${hostNames.join(", ")})`,
      remedy: didYouMean(name, hostNames, "Write one of these, or add the host to olympus:hosts."),
    };
    return [fault(config, [...at, index], what)];
  });
  if (strangers.length > 0 || hostNames.some((name) => !edges.includes(name))) return strangers;
  const what = {
    fault: "names every host of the stack, and an edge holds no tenant",
    remedy: "Add a host for tenants to olympus:hosts.",
  };
  return [fault(config, at, what)];
}

function tenantsOnEdges({ entries, edges, hostNames, elsewhere, tenants }: Files): Problem[] {
  const homes = [...hostNames.filter((name) => !edges.includes(name)), ...elsewhere];
  return entries.flatMap(({ at, host }) => {
    if (host === undefined || !edges.includes(host)) return [];
    const what = {
      fault: `${host} is the edge, which holds no tenant`,
      remedy: `Write host: ${homes[0] ?? "eu-1"}, for example.`,
    };
    return [fault(tenants, [...at, "host"], what)];
  });
}

/** The edge needs to know where a host is; hosts need to know the edge's connections by their addresses. */
function addresses({ config, edges, hosts }: Files): Problem[] {
  const isFromWritten = hasWritten(config, ["edge", "from"]);
  return [...hosts.values()].flatMap(({ name, publicAddress }) => {
    const at = ["hosts", name, "publicAddress"];
    if (edges.includes(name)) {
      if (isFromWritten || publicAddress.some((address) => addressKind(address) !== "name")) return [];
      const what = {
        fault: "names no IP address, by which the other hosts would know the edge's connections",
        remedy: "Write the address as publicAddress, or the range in olympus:edge.from.",
      };
      return [fault(config, at, what)];
    }
    if (publicAddress.length > 0) return [];
    const what = {
      fault: "names no address, and the edge sends visitors there",
      remedy: "Write the address at which the edge reaches the host, such as [10.0.0.11].",
    };
    return [fault(config, at, what)];
  });
}

/** An address has one port, whichever of the edge's hosts it leads to. */
function ports({ config, edges, hosts }: Files): Problem[] {
  const [first, ...others] = edges.flatMap((name) => hosts.get(name) ?? []);
  return others.flatMap((host) =>
    (["httpPort", "httpsPort"] as const).flatMap((port) => {
      if (first === undefined || host[port] === first[port]) return [];
      const what = {
        fault: `is ${host[port]}, and ${first[port]} at ${first.name}: visitors come to either, with one port`,
        remedy: `Write ${port}: ${first[port]}.`,
      };
      return [fault(config, ["hosts", host.name, port], what)];
    }),
  );
}

function mode({ config }: Files): Problem[] {
  if (config.value?.dns?.mode !== "records") return [];
  const what = {
    fault: "records would lead past the edge to the hosts",
    remedy: "Write mode: wildcard, or remove olympus:edge.",
  };
  return [fault(config, ["dns", "mode"], what)];
}
