import { assignSlots, networksAt, slotOfNetwork } from "../../backends/docker/subnets.ts";
import { type Files, fault } from "../files.ts";
import type { Problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** Written networks lie in the pool, and no two tenants of a host have the same one. */
export const network: Rule = (files) => [...files.hosts.keys()].flatMap((host) => onHost(host, files));

function onHost(host: string, files: Files): Problem[] {
  const pool = files.hosts.get(host)?.networkPool ?? "";
  const outside = files.entries.flatMap(({ at, written, host: of }) => {
    if (of !== host || written.network === undefined || slotOfNetwork(written.network, pool) !== undefined)
      return [];
    const { internal } = networksAt(0, pool);
    return [
      fault(files.tenants, [...at, "network"], {
        fault: `${written.network} is not in the lower half of host ${host}'s networkPool ${pool}`,
        remedy: `Write a /28 from there, such as ${internal}, or remove the line: the name then decides.`,
      }),
    ];
  });
  const { collisions } = hostSlots(host, pool, files);
  const collided = collisions.map(({ holder, newcomer, slot, free }) => {
    const isWrittenThere = files.entries.find(({ name }) => name === newcomer)?.written.network !== undefined;
    const what = {
      fault: `tenants ${holder} and ${newcomer} have the same network ${networksAt(slot, pool).internal} on host ${host}`,
      remedy:
        free === undefined
          ? `Write a wider olympus:hosts.${host}.networkPool, or another host: the pool ${pool} is full.`
          : `Write network: ${networksAt(free, pool).internal} for the newer of the two.`,
    };
    return fault(files.tenants, ["tenants", newcomer, ...(isWrittenThere ? ["network"] : [])], what);
  });
  return [...outside, ...collided];
}

/** The slots of a host's tenants; those with a network outside the pool are left out. */
export function hostSlots(host: string, pool: string, files: Files) {
  const requests = files.entries.flatMap(({ name, host: of, written }) => {
    if (of !== host) return [];
    if (written.network === undefined) return [{ tenant: name }];
    const slot = slotOfNetwork(written.network, pool);
    return slot === undefined ? [] : [{ tenant: name, written: slot }];
  });
  return assignSlots(pool, requests);
}
