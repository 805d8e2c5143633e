import type { DnsRecord } from "../../fleet/dns/records.ts";
import type { Effect } from "../../fleet/effect.ts";
import { type Change, changeOf, type Difference, difference, entries, pairs } from "./change.ts";
import { valueWords } from "./value.ts";

interface Found extends Difference {
  readonly by: DnsRecord["by"];
  readonly what: "new" | "gone" | "changed" | "of another type";
}

interface Outcome {
  readonly effect: Effect;
  readonly consequence: string;
}

const stale = "resolvers keep the old answer for up to 5 minutes";

const outcomes: Readonly<Record<Found["what"], Outcome>> = {
  new: { effect: "in-place", consequence: "made before the site is published" },
  gone: { effect: "interrupts", consequence: "no longer answered" },
  changed: { effect: "interrupts", consequence: `changed in place; ${stale}` },
  "of another type": { effect: "interrupts", consequence: `deleted, then made again; ${stale}` },
};

const byHand: Readonly<Record<Found["what"], Outcome>> = {
  new: { effect: "in-place", consequence: "to be made by hand" },
  gone: { effect: "in-place", consequence: "to be removed by hand" },
  changed: { effect: "interrupts", consequence: "to be changed by hand; resolvers keep the old answer" },
  "of another type": {
    effect: "interrupts",
    consequence: "to be changed by hand; resolvers keep the old answer",
  },
};

/** What changes about DNS records. Words name what a record is for, not its tenant, so that like changes are one group. */
export function recordChanges(before: readonly DnsRecord[], after: readonly DnsRecord[]): Change[] {
  const byPart = (records: readonly DnsRecord[]) => new Map(records.map((record) => [record.part, record]));
  const found = pairs(byPart(before), byPart(after)).flatMap(([, from, to]) => differenceOf(from, to));
  return (["program", "hand"] as const).flatMap((by) =>
    (["gone", "of another type", "changed", "new"] as const).flatMap((what) => {
      const { effect, consequence } = (by === "program" ? outcomes : byHand)[what];
      const told = found.filter((one) => one.by === by && one.what === what);
      return changeOf("DNS", effect, told.map(plain), consequence);
    }),
  );
}

const plain = ({ property, words }: Found): Difference => ({ property, words });

function differenceOf(before: DnsRecord | undefined, after: DnsRecord | undefined): Found[] {
  const record = after ?? before;
  if (record === undefined) return [];
  const is = (what: Found["what"], words: string): Found[] => [
    { ...difference(`records.${record.part}`, `${purpose(record)} ${words}`), by: record.by, what },
  ];
  const whole = ({ type, content }: DnsRecord) => `${type} ${content}`;
  if (before === undefined) return is("new", `${whole(record)} is new`);
  if (after === undefined) return is("gone", `${whole(record)} is gone`);
  const others = entries({ ...before, type: "", content: "" }, { ...after, type: "", content: "" });
  const words = [
    ...(before.type !== after.type
      ? [`${whole(before)} → ${whole(after)}`]
      : before.content !== after.content
        ? [`${whole(before)} → ${after.content}`]
        : []),
    ...others.flatMap(([name, from, to]) =>
      from === to ? [] : [name === "name" ? valueWords(from, to) : `${name} ${valueWords(from, to)}`],
    ),
  ];
  if (words.length === 0) return [];
  return is(before.type === after.type ? "changed" : "of another type", words.join(", "));
}

/** `login record`, `wildcard record of edge-1`, `record login.bigcorp.com`. */
function purpose({ part, name, after = part }: DnsRecord): string {
  const [, kind, host] = /^dns-(login|api|admin|wildcard)(?:-(.+))?$/.exec(after) ?? [];
  if (kind === undefined) return `record ${name}`;
  const word = kind === "api" ? "API" : kind;
  return kind === "wildcard" && host !== undefined ? `${word} record of ${host}` : `${word} record`;
}
