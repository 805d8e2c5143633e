import { redacted } from "../../files/pasted.ts";
import type { NotCompared } from "./document.ts";
import { nameOf, type StackState } from "./state.ts";
import type { Complaint } from "./steps.ts";

/** A host of which nothing is known, and why. */
export interface SilentHost {
  readonly host: string;
  readonly why: string;
}

/**
 * What could not be looked at: hosts that were silent, then what else Pulumi complains of. A host that is down is one
 * line, though each of its resources complains.
 */
export function notCompared(
  silent: readonly SilentHost[],
  complaints: readonly Complaint[],
  state: StackState,
): NotCompared[] {
  const hosts = new Map(silent.map(({ host, why }) => [host, why]));
  const others = new Map<string, string>();
  for (const { urn, message } of complaints) {
    if (urn === undefined) continue; // says only that there were others
    const host = state.resources.get(urn)?.engine;
    const known = host === undefined ? others : hosts;
    const what = host ?? nameOf(urn);
    if (!known.has(what)) known.set(what, message);
  }
  const homes = [...state.homes];
  return [
    ...[...hosts].map(([host, why]) => ({
      what: `host ${host}`,
      why: oneLine(why),
      tenants: homes.flatMap(([tenant, home]) => (home === host ? [tenant] : [])),
    })),
    ...[...others].map(([what, why]) => ({ what, why: oneLine(why), tenants: [] })),
  ];
}

const oneLine = (text: string) => redacted(text.trim().split("\n")[0] ?? "");
