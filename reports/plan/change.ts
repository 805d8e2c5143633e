import { redacted } from "../../files/pasted.ts";
import type { Effect } from "../../fleet/effect.ts";

/** One difference between two plans. */
export interface Difference {
  /** Where it is, for machines: `workloads.kratos.env.DSN`. */
  readonly property: string;
  /** The same for people: `memory limit of kratos 96MiB → 192MiB`. Secrets are in it as labels only. */
  readonly words: string;
}

/** Differences that one step of `pulumi up` puts into place. */
export interface Change {
  /** `kratos`, `sites`, `networks`, `tenant`, `stack`, `host eu-1`. */
  readonly subject: string;
  readonly effect: Effect;
  readonly differences: readonly Difference[];
  /** What putting them into place means: `container replaced, about 5 s without tokens`. */
  readonly consequence: string;
}

/** Anyone who finds a value's words does not think of what else may have been pasted into the file. */
export function difference(property: string, words: string): Difference {
  return { property, words: redacted(words) };
}

/** A change, or none when nothing differs. */
export function changeOf(
  subject: string,
  effect: Effect,
  differences: readonly Difference[],
  consequence: string,
): Change[] {
  return differences.length === 0 ? [] : [{ subject, effect, differences, consequence }];
}

/** Addresses follow their network; a line for people counts them. */
const follows = /\.(address|gateway|bridge)$/;

/** `memory limit of kratos 96MiB → 192MiB, in place, no restart`. */
export function sentence({ subject, differences, consequence }: Change): string {
  const told =
    subject === "tenant" ? differences.filter(({ property }) => !follows.test(property)) : differences;
  const rest = differences.length - told.length;
  // Pages that move together have the same words.
  const words = new Set((told.length === 0 ? differences : told).map((found) => found.words));
  return `${[...words, ...(rest > 0 && told.length > 0 ? [`${rest} addresses follow`] : [])].join("; ")}, ${consequence}`;
}

/** Both sides of every key that either has. */
export function entries(before: object, after: object): [key: string, before: unknown, after: unknown][] {
  const [left, right] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...left.keys(), ...right.keys()])].map((key) => [key, left.get(key), right.get(key)]);
}

/** The same for maps of one kind of value. */
export function pairs<Value>(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
): [key: string, before: Value | undefined, after: Value | undefined][] {
  return [...new Set([...before.keys(), ...after.keys()])].map((key) => [
    key,
    before.get(key),
    after.get(key),
  ]);
}
