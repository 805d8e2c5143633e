import type { Ring } from "./ring.ts";
import { nextOpening } from "./window.ts";

/** When a release reaches a ring at the earliest, if all goes well. */
export interface Arrival {
  readonly ring: string;
  /** Those that prove it. Empty for the first. */
  readonly after: readonly string[];
  /** Rings before this one that prove nothing, since none of their tenants runs and asks for it. */
  readonly without: readonly string[];
  /** How long those must have been healthy with it, in seconds. */
  readonly bakeSeconds: number;
  /** Undefined where nobody knows: the ring, or one before it, is on hold, or its window is over. */
  readonly earliest: Date | undefined;
  /** Whether the ring itself is on hold. */
  readonly isHeld: boolean;
  /** Whether it waits for its window. */
  readonly waitsForWindow: boolean;
}

/**
 * The way of a release through the rings, without the time that tenants take. Rings without a tenant that runs and asks for
 * it are left out: they prove nothing.
 *
 * @param touched rings in which a tenant is to get it
 * @param having rings in which a tenant asks for it already; since when they are healthy with it is not known here
 */
export function schedule(
  rings: readonly Ring[],
  touched: ReadonlySet<string>,
  now: Date,
  having: ReadonlySet<string> = new Set(),
): Arrival[] {
  const byName = new Map(rings.map((ring) => [ring.name, ring]));
  const isProof = (name: string) => touched.has(name) || having.has(name);
  const before = (ring: Ring): Ring[] => [
    ...new Set(
      ring.after.flatMap((name) => {
        const other = byName.get(name);
        if (other === undefined) return [];
        return isProof(name) ? [other] : before(other);
      }),
    ),
  ];
  const without = (ring: Ring): string[] => [
    ...new Set(
      ring.after.flatMap((name) => {
        const other = byName.get(name);
        return other === undefined || isProof(name) ? [] : [...without(other), name];
      }),
    ),
  ];
  const found = new Map<string, Arrival>();
  const arrival = (ring: Ring): Arrival => {
    const known = found.get(ring.name);
    if (known !== undefined) return known;
    const others = before(ring);
    const ready = others.map((other) => {
      if (!touched.has(other.name)) return now.getTime();
      const { earliest } = arrival(other);
      return earliest && earliest.getTime() + other.bakeSeconds * 1000;
    });
    const isOpenEnded = ring.hold || ready.includes(undefined);
    const from = new Date(Math.max(now.getTime(), ...ready.filter((time) => time !== undefined)));
    const opens = ring.window === undefined ? from : nextOpening(ring.window, from);
    const made: Arrival = {
      ring: ring.name,
      after: others.map(({ name }) => name),
      without: without(ring),
      bakeSeconds: Math.max(0, ...others.map(({ bakeSeconds }) => bakeSeconds)),
      earliest: isOpenEnded ? undefined : opens,
      isHeld: ring.hold,
      waitsForWindow: ring.window !== undefined && (opens === undefined || opens > from),
    };
    found.set(ring.name, made);
    return made;
  };
  return rings.filter(({ name }) => touched.has(name)).map(arrival);
}
