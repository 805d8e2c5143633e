import { type Guarded, most } from "../backends/docker/guards/situation.ts";
import type { PlacedFleet } from "../files/load.ts";
import type { EditFault } from "../fleet/editFault.ts";
import { listed } from "../fleet/listed.ts";

/** One message with all that is refused; undefined when nothing is. */
export function refusalMessage(
  { refused, steps }: Guarded,
  lineOf: PlacedFleet["lineOf"],
): string | undefined {
  if (refused.length === 0) return undefined;
  return ["Refused, and nothing was touched:", ...editLines(refused, lineOf), ...steps].join("\n");
}

/** A line for each fault; for many tenants with the same one, the place of the first and the others' names. */
export function editLines(faults: readonly EditFault[], lineOf: PlacedFleet["lineOf"]): string[] {
  const groups = new Map<string, EditFault[]>();
  for (const one of faults) {
    const [file, tenant, ...field] = one.at;
    const key = JSON.stringify([one.in, file, field, one.fault, one.remedy, field.length > 0 || tenant]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    const others = rest.map(({ at: [, tenant = ""] }) => tenant);
    const same = others.length === 0 ? "" : ` The same of ${listed(others, most)}.`;
    return [`${lineOf(first)}${same}`];
  });
}
