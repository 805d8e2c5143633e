import { printedDuration } from "../../fleet/rings/duration.ts";
import type { Ring, Window } from "../../fleet/rings/ring.ts";
import { type Change, changeOf, type Difference, difference, pairs } from "./change.ts";

/** What changes about rings: which there are, their order and their settings. */
export function ringChanges(before: readonly Ring[], after: readonly Ring[]): Change[] {
  const byName = (rings: readonly Ring[]) => new Map(rings.map((ring) => [ring.name, ring]));
  const [old, now] = [byName(before), byName(after)];
  return changeOf(
    "stack",
    "none",
    [
      ...orderChanges(
        before.map(({ name }) => name),
        after.map(({ name }) => name),
      ),
      ...pairs(old, now).flatMap(([name, from, to]) => {
        const is = (words: string) => [difference(`rings.${name}`, `ring ${name} ${words}`)];
        if (to === undefined) return is("is gone");
        return from === undefined ? is(`is new: ${settings(to).join(", ")}`) : settingChanges(from, to);
      }),
    ],
    "changes when releases reach tenants; touches no container",
  );
}

/** Of the rings on both sides: one that comes or goes is told by itself. */
function orderChanges(before: readonly string[], after: readonly string[]): Difference[] {
  const were = before.filter((name) => after.includes(name)).join(", ");
  const are = after.filter((name) => before.includes(name)).join(", ");
  return were === are ? [] : [difference("rings", `rings ${were} → ${are}`)];
}

const fields = ["after", "bake", "parallel", "window", "hold"] as const;
type Words = Readonly<Record<(typeof fields)[number], string>>;

/** A ring's settings as people write them. */
const wordsOf = ({ after, bakeSeconds, parallel, window, hold }: Ring): Words => ({
  after: after.join(", ") || "none",
  bake: printedDuration(bakeSeconds),
  parallel: String(parallel ?? "any"),
  window: window === undefined ? "always" : windowWords(window),
  hold: String(hold),
});

function windowWords(window: Window): string {
  const times = `${window.from} to ${window.to} ${window.timeZone}`;
  return window.kind === "once" ? times : `${window.days.join(" ")} ${times}`;
}

function settingChanges(before: Ring, after: Ring): Difference[] {
  const [from, to] = [wordsOf(before), wordsOf(after)];
  return fields.flatMap((field) => {
    if (from[field] === to[field]) return [];
    const words = `ring ${after.name}: ${field} ${from[field]} → ${to[field]}`;
    return [difference(`rings.${after.name}.${field}`, words)];
  });
}

const plain: Ring = {
  name: "",
  after: [],
  bakeSeconds: 0,
  parallel: undefined,
  window: undefined,
  hold: false,
};

/** Those of a new ring that say something: what it follows, and what is not the default. */
function settings(ring: Ring): string[] {
  const [usual, words] = [wordsOf(plain), wordsOf(ring)];
  return fields
    .filter((field) => field === "after" || words[field] !== usual[field])
    .map((field) => `${field} ${words[field]}`);
}
