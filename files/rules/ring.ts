import { fault, hasWritten } from "../files.ts";
import { shown } from "../pasted.ts";
import type { Path } from "../path.ts";
import { ringEntries, ringNames } from "../rings.ts";
import { didYouMean } from "../suggestion.ts";
import type { Rule } from "./rule.ts";

interface Following {
  readonly name: string;
  readonly after: readonly string[];
  /** Of each of `after` in the file; of none when the order of the file says it. */
  readonly at: readonly Path[];
}

/** Rings follow rings that there are, and none follows itself, by whatever way round. */
export const after: Rule = ({ tenants }) => {
  const names = ringNames(tenants) ?? [];
  const entries = ringEntries(tenants);
  const followings = names.map((name, index): Following => {
    const here = ["rings", name, "after"];
    const written = entries.get(name)?.after;
    if (typeof written === "string") return { name, after: [written], at: [here] };
    if (written !== undefined) {
      return { name, after: written, at: written.map((_, position) => [...here, position]) };
    }
    // One that is written wrong has a line of its own.
    const isUnreadable = hasWritten(tenants, here) || (entries.size > 0 && !entries.has(name));
    return { name, after: isUnreadable ? [] : names.slice(Math.max(0, index - 1), index), at: [] };
  });
  const unknown = followings.flatMap(({ after: followed, at }) =>
    followed.flatMap((name, position) => {
      const path = at[position];
      if (path === undefined || names.includes(name)) return [];
      const what = {
        fault: `${shown(name)} is not one of the rings (${names.join(", ")})`,
        remedy: didYouMean(name, names, "Write one of these, or [] for a ring that waits for none."),
      };
      return [fault(tenants, path, what)];
    }),
  );
  return [
    ...unknown,
    ...circles(followings).map((circle) => {
      const [first = ""] = circle;
      const followed = followings.find(({ name }) => name === first);
      const position = followed?.after.indexOf(circle[1] ?? "") ?? 0;
      return fault(tenants, followed?.at[position] ?? ["rings", first], faultOf(circle));
    }),
  ];
};

function faultOf(circle: readonly string[]) {
  const remedy =
    "Write the ring that must be healthy before it, or after: [] for a ring that waits for none.";
  if (circle.length === 2) return { fault: "a ring cannot follow itself", remedy };
  return {
    fault: `the ring follows itself: ${circle.join(" after ")}, and none of them would ever get a release`,
    remedy: `${remedy} Without after: a ring follows the one above it.`,
  };
}

/** Each as the way round it, beginning with the ring that stands highest in the file. A ring is told once. */
function circles(followings: readonly Following[]): string[][] {
  const told = new Set<string>();
  return followings.flatMap(({ name }) => {
    if (told.has(name)) return [];
    const way = wayBack(name, followings);
    if (way === undefined) return [];
    for (const ring of way) told.add(ring);
    return [way];
  });
}

/** The shortest way from a ring over those that it follows to itself. */
function wayBack(start: string, followings: readonly Following[]): string[] | undefined {
  const followed = new Map(followings.map(({ name, after: names }) => [name, names]));
  const seen = new Set<string>();
  for (let ways = [[start]]; ways.length > 0; ) {
    const longer = ways.flatMap((way) =>
      (followed.get(way.at(-1) ?? "") ?? []).map((next) => [...way, next]),
    );
    const back = longer.find((way) => way.at(-1) === start);
    if (back !== undefined) return back;
    ways = longer.filter((way) => {
      const end = way.at(-1) ?? "";
      const isNew = !seen.has(end);
      seen.add(end);
      return isNew;
    });
  }
  return undefined;
}
