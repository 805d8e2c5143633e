import { limitBudgetMiB, overloads } from "../../fleet/capacity.ts";
import { leastMiB, tooLow } from "../../fleet/sizes.ts";
import { services } from "../../fleet/tenant/parts.ts";
import { defaults } from "../defaults.ts";
import { type Files, fault } from "../files.ts";
import { mebibytes, printedMemory } from "../memory.ts";
import type { Path } from "../path.ts";
import type { SizeEntry } from "../tenants.ts";
import { placedEntries } from "./placement.ts";
import type { Rule } from "./rule.ts";

/** No limit is one at which its service was seen to fail, or below what it was measured to use. */
export const least: Rule = ({ tenants, entries }) => {
  const check = (at: Path, size: SizeEntry | undefined) =>
    services.flatMap((service) => {
      const written = typeof size === "object" ? size[service] : undefined;
      const reason = written === undefined ? undefined : tooLow(service, mebibytes(written) ?? 0);
      if (reason === undefined) return [];
      const what = { fault: `${written} ${reason}`, remedy: `Write ${leastMiB(service)}MiB or more.` };
      return [fault(tenants, [...at, service], what)];
    });
  return [
    ...check(["defaults", "size"], tenants.value?.defaults?.size),
    ...entries.flatMap(({ at, written }) => check([...at, "size"], written.size)),
  ];
};

/** Every host has the memory that its tenants need. */
export const capacity: Rule = (files) => {
  // Where nothing is left for tenants at all, the host's own line says so.
  const hosts = [...files.hosts.values()].filter(
    ({ name, memoryMiB, reserveMiB }) => !files.edges.includes(name) && reserveMiB < memoryMiB,
  );
  const overcommit = files.config.value?.overcommit ?? defaults.stack.overcommit;
  return overloads(hosts, placedEntries(files), overcommit).map((overload) => {
    const at = ["tenants", overload.tenant];
    const room = overload.room.map(({ host, freeMiB }) => `host: ${host} (${printedMemory(freeMiB)} free)`);
    const more = `a larger olympus:hosts.${overload.host}.memory when the machine has it, or a smaller size`;
    const nowhere = overload.room.length === 0 ? "; no other host has room" : "";
    return fault(files.tenants, at, {
      fault: `does not fit on host ${overload.host}: ${numbers(overload, files)}`,
      remedy: `Write ${[...room, more].join(" or ")}${nowhere}.`,
    });
  });
};

function numbers(
  { kind, neededMiB, availableMiB, host }: ReturnType<typeof overloads>[number],
  files: Files,
): string {
  const needed = `${neededMiB}MiB`;
  const of = files.hosts.get(host);
  if (of === undefined) return needed;
  const memory = printedMemory(of.memoryMiB);
  if (kind === "reservations") {
    return `its tenants need ${needed}, and ${memory} less ${printedMemory(of.reserveMiB)} reserve are ${availableMiB}MiB`;
  }
  const overcommit = files.config.value?.overcommit ?? defaults.stack.overcommit;
  return `the limits of its tenants are ${needed}, and ${memory} times overcommit ${overcommit} are ${limitBudgetMiB(of, overcommit)}MiB`;
}
