import { type Ring, ringsInOrder, type Window } from "../fleet/rings/ring.ts";
import { defaults } from "./defaults.ts";
import { durationSeconds } from "./duration.ts";
import { type Files, hasWritten } from "./files.ts";
import { isMap, keysOf, valueAt } from "./path.ts";
import type { RingEntry, WindowEntry } from "./ringFields.ts";

/** Names of rings in the order of the file, unsound ones too; undefined when nobody can say which there are. */
export function ringNames(tenants: Files["tenants"]): readonly string[] | undefined {
  const written = tenants.value?.rings;
  if (written === undefined) return hasWritten(tenants, ["rings"]) ? undefined : defaults.tenant.rings;
  if (Array.isArray(written)) return written;
  // JavaScript puts keys such as "2" in front of the others, whatever the file says.
  const place = (name: string) => tenants.source.place(["rings", name]) ?? { line: 0, column: 0 };
  return keysOf(valueAt(tenants.source.value, ["rings"]))
    .map((name) => ({ name, ...place(name) }))
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .map(({ name }) => name);
}

/** Settings of rings by name, as far as they are sound; empty for a list. */
export function ringEntries({ value }: Files["tenants"]): ReadonlyMap<string, RingEntry> {
  const written = value?.rings;
  if (!isMap(written)) return new Map();
  return new Map(Object.entries(written).map(([name, entry]) => [name, entry ?? {}]));
}

/** Sound rings, with defaults filled in. */
export function ringsOf(tenants: Files["tenants"]): Ring[] {
  const entries = ringEntries(tenants);
  return ringsInOrder(ringNames(tenants) ?? []).map((usual) => ringOf(usual, entries.get(usual.name) ?? {}));
}

function ringOf(usual: Ring, { after, bake, parallel, window, hold }: RingEntry): Ring {
  return {
    name: usual.name,
    after: after === undefined ? usual.after : [after].flat(),
    bakeSeconds: durationSeconds(bake ?? defaults.ring.bake) ?? usual.bakeSeconds,
    parallel,
    window: window && windowOf(window),
    hold: hold ?? defaults.ring.hold,
  };
}

/** A sound window. */
export function windowOf({ days, from, to, timeZone }: WindowEntry): Window {
  return days === undefined
    ? { kind: "once", from, to, timeZone }
    : { kind: "weekly", days, from, to, timeZone };
}
