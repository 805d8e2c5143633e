import { styleText } from "node:util";
import type { DriftDocument, NotCompared } from "../../reports/drift/document.ts";
import type { Drift } from "../../reports/drift/drift.ts";
import type { Pending } from "../../reports/drift/pending.ts";
import type { Owner } from "../../reports/drift/state.ts";
import type { Terminal } from "../command.ts";
import { wrapped } from "../table.ts";

type Screen = Pick<Terminal, "width" | "hasColor">;

const verdicts = {
  clean: "as the last `pulumi up` has left it",
  drift: "no longer as the last `pulumi up` has left it",
  incomplete: "no drift found, but not everything could be looked at",
} as const;
const colors = { clean: "green", drift: "red", incomplete: "yellow" } as const;

/** The document for a terminal, an e-mail or an issue. */
export function text({ stack, verdict, drift, notCompared, pending }: DriftDocument, screen: Screen): string {
  const title = `Stack ${stack}: ${verdicts[verdict]}`;
  const sections = [
    [screen.hasColor ? styleText(colors[verdict], title) : title],
    ...byOwner(drift).map(([owner, found]) => [owner, ...found.flatMap((one) => driftText(one, screen))]),
    section(
      "Not looked at",
      notCompared.flatMap((one) => notComparedText(one, screen)),
    ),
    section(
      "Not deployed yet (the files say so, and no `pulumi up` has done it)",
      byOwner(pending).flatMap(([owner, found]) => pendingText(owner, found, screen)),
    ),
    mending(stack, drift),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? [title, ...lines] : []);

const ownerWords = ({ kind, name }: Owner) => (kind === "tenant" ? name : `${kind} ${name}`);

function byOwner<One extends { readonly owner: Owner }>(all: readonly One[]): [string, One[]][] {
  const groups = new Map<string, One[]>();
  for (const one of all) {
    const owner = ownerWords(one.owner);
    groups.set(owner, [...(groups.get(owner) ?? []), one]);
  }
  return [...groups];
}

function driftText({ words, remedy }: Drift, { width }: Screen): string[] {
  return [...wrapped("  ", words, width), ...(remedy ? wrapped("    ", `${remedy}.`, width) : [])];
}

function notComparedText({ what, why, tenants }: NotCompared, { width }: Screen): string[] {
  const [first = "", ...more] = why.split("\n");
  const whose = tenants.length > 0 ? ` (${tenants.join(", ")})` : "";
  return [
    ...wrapped("  ", `${what}${whose}: ${first}`, width),
    ...more.flatMap((line) => wrapped("    ", line, width)),
  ];
}

function pendingText(owner: string, found: readonly Pending[], { width }: Screen): string[] {
  const words = found.map(({ name, what, properties }) =>
    what === "changed" && properties.length > 0 ? `${name} (${properties.join(", ")})` : `${name} ${what}`,
  );
  return wrapped("  ", `${owner}: ${words.join(", ")}`, width);
}

function mending(stack: string, drift: readonly Drift[]): string[] {
  if (drift.length === 0) return [];
  const command = `pulumi up --refresh --stack ${stack}`;
  if (drift.every(({ mend }) => mend === "up")) return [`To put it right: ${command}`];
  if (drift.some(({ mend }) => mend === "up"))
    return [`To put right what has no remedy beside it: ${command}`];
  return [];
}
