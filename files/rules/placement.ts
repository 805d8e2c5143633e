import { freeMiB } from "../../fleet/placement.ts";
import { type Entry, type Files, fault, hasWritten } from "../files.ts";
import { printedMemory } from "../memory.ts";
import { shown } from "../pasted.ts";
import { didYouMean } from "../suggestion.ts";
import type { Rule } from "./rule.ts";

/** Every tenant is on a host that some stack owns. */
export const placement: Rule = (files) => {
  if (files.hostNames.length === 0) return [];
  return files.entries.flatMap((entry) => {
    const at = [...entry.at, "host"];
    if (entry.host === undefined) {
      return hasWritten(files.tenants, at) ? [] : [fault(files.tenants, at, missing(files))];
    }
    if (entry.isHere || files.elsewhere.includes(entry.host)) return [];
    return [fault(files.tenants, at, unknown(files, entry.host))];
  });
};

function missing(files: Files) {
  const hosts = [...files.hostNames.filter((name) => !files.edges.includes(name)), ...files.elsewhere];
  if (hosts.length === 0) {
    const remedy = "Write host: with a host that is not an edge, and add it to olympus:hosts.";
    return { fault: "is missing, and every host of the stack is an edge, where no tenant lives", remedy };
  }
  const free = hosts.map((name) => ({ name, free: freeOn(name, files) }));
  const most = free.reduce((best, next) => ((next.free ?? -1) > (best.free ?? -1) ? next : best));
  const list = free.map((host) => `${host.name}: ${describedFree(host, files)}`).join(", ");
  return {
    fault: `is missing, and with several hosts a tenant's data must have a written place (${list})`,
    remedy: `Write host: ${most.name}, for example.`,
  };
}

function unknown(files: Files, host: string) {
  const elsewhere = files.elsewhere.length === 0 ? "" : `; of other stacks: ${files.elsewhere.join(", ")}`;
  return {
    fault: `${shown(host)} is not a host of stack ${files.input.stack} (${files.hostNames.join(", ")}${elsewhere})`,
    remedy: didYouMean(
      host,
      [...files.hostNames, ...files.elsewhere],
      "Write one of these, or add the host to olympus:hosts (or to olympus:elsewhere when another stack has it).",
    ),
  };
}

function freeOn(name: string, files: Files): number | undefined {
  const host = files.hosts.get(name);
  return host === undefined ? undefined : freeMiB(host, placedEntries(files));
}

function describedFree({ name, free }: { name: string; free: number | undefined }, files: Files): string {
  if (files.elsewhere.includes(name)) return "another stack's";
  if (free === undefined) return "unknown";
  return free < 0 ? "full" : `${printedMemory(free)} free`;
}

/** The tenants of this stack's hosts. */
export function placedEntries(files: Files) {
  return files.entries.flatMap(({ name, host, isHere, size, written }: Entry) =>
    isHere && host !== undefined ? [{ tenant: name, host, size, state: written.state }] : [],
  );
}
