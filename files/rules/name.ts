import { fault } from "../files.ts";
import { derivedFrom } from "../tenantName.ts";
import type { Rule } from "./rule.ts";

/** No tenant is called what another tenant's containers and vhosts are called. */
export const name: Rule = ({ tenants, entries }) => {
  const names = new Set(entries.map((entry) => entry.name));
  return entries.flatMap((entry) => {
    const clash = derivedFrom(entry.name, names);
    if (clash === undefined) return [];
    return [
      fault(tenants, entry.at, {
        fault: `${entry.name} collides with names made from tenant ${clash.tenant} (${clash.tenant}-${clash.suffix})`,
        remedy: `Write another name: behind "${clash.tenant}-" anything but ${clash.suffix}.`,
      }),
    ];
  });
};
