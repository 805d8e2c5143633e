import { type Consequence, meaningOf, replaced, type Way } from "../../backends/docker/effects.ts";
import type { DockerWorkload } from "../../backends/docker/tenant.ts";
import { printedMemory } from "../../files/memory.ts";
import type { Part } from "../../fleet/tenant/parts.ts";
import { redacted, type Text } from "../../fleet/tenant/text.ts";
import type { EngineKind } from "../../hosts/engines.ts";
import { type Change, changeOf, type Difference, difference, entries } from "./change.ts";
import { imageWords } from "./imageWords.ts";
import { same, valueWords } from "./value.ts";
import { movedPage, variableWords } from "./variables.ts";

interface Found extends Difference {
  readonly way: Way;
}

interface Circumstances {
  /** Its container is made again with all others of the tenant. */
  readonly replacedAnyway: boolean;
  readonly engine: EngineKind;
}

/** All that differs between two versions of a workload, grouped by the step that puts it into place. */
export function workloadChanges(
  before: DockerWorkload,
  after: DockerWorkload,
  { replacedAnyway, engine }: Circumstances,
): Change[] {
  const { part } = after;
  const found = properties(before, after).flatMap(([name, from, to]) =>
    compared(engine, part, name, from, to),
  );
  const paper = found.filter(isOf("on paper"));
  // What is made again has its new limits from the start.
  const isMade = replacedAnyway || found.some(({ way }) => way === "replaced");
  const made = isMade ? found.filter(({ way }) => way !== "on paper") : [];
  const kept = isMade ? [] : found;
  const { effect, words } = replacement(after, made, replacedAnyway);
  return [
    ...changeOf(part, effect, plain(made), words),
    ...changeOf(part, "in-place", plain(kept.filter(isOf("in place"))), "in place, no restart"),
    ...changeOf(part, "in-place", plain(kept.filter(isOf("by the gate"))), "set by the gate, no restart"),
    ...changeOf(part, "none", plain(paper), "nothing on the host changes"),
  ];
}

/** A part that only one of the two plans has. */
export function workloadComesOrGoes(part: Part, comes: boolean): Change[] {
  const is = difference(`workloads.${part}`, `${part} ${comes ? "is new" : "is no longer run"}`);
  return comes
    ? changeOf(part, "in-place", [is], "container made")
    : changeOf(part, "interrupts", [is], "container removed");
}

function replacement(
  { part, outage }: DockerWorkload,
  made: readonly Found[],
  replacedAnyway: boolean,
): Consequence {
  const has = (property: string) => made.some((found) => found.property.endsWith(`.${property}`));
  const usual = replaced(outage);
  if (has("dataPath")) {
    const words = "container replaced; it would find no data there and start with an empty database";
    return { effect: "destroys", words };
  }
  if (part.endsWith("-migrate") && has("image")) {
    return { ...usual, words: "migrations run; a migrated database does not go back with the image" };
  }
  return replacedAnyway && usual.effect === "interrupts"
    ? { ...usual, words: "replaced with the others" }
    : usual;
}

const isOf =
  (wanted: Way) =>
  ({ way }: Found) =>
    way === wanted;

const plain = (found: readonly Found[]): Difference[] =>
  found.map(({ property, words }) => ({ property, words }));

type Property = readonly [name: string, before: unknown, after: unknown];

/** Property by property; the environment variable by variable, memory and outage by what is in them. */
function properties(before: DockerWorkload, after: DockerWorkload): Property[] {
  return entries(before, after).flatMap(([name, from, to]): Property[] => {
    if (name === "env") {
      return entries(before.env, after.env).map(([key, a, b]) => [`env.${key}`, a, b]);
    }
    if (name === "memory") {
      return entries(before.memory, after.memory).map(([key, a, b]) => [`memory.${key}`, a, b]);
    }
    if (name === "outage") {
      return entries(before.outage, after.outage).map(([key, a, b]) => [`outage.${key}`, a, b]);
    }
    return [[name, from, to]];
  });
}

function compared(engine: EngineKind, part: Part, name: string, before: unknown, after: unknown): Found[] {
  if (same(before, after)) return [];
  const { words, way } = meaningOf(name, engine);
  const is = (text: string): Found[] => [{ ...difference(`workloads.${part}.${name}`, text), way }];
  if (name.startsWith("env.")) return is(variable(part, name.slice("env.".length), before, after));
  if (name === "image" && typeof before === "string" && typeof after === "string") {
    return is(`image of ${part} ${imageWords(before, after)}`);
  }
  if (name.startsWith("memory.") && typeof before === "number" && typeof after === "number") {
    const of = name === "memory.limitMiB" ? "of" : "for";
    return is(`${words} ${of} ${part} ${printedMemory(before)} → ${printedMemory(after)}`);
  }
  return is(`${words} of ${part} ${valueWords(before, after)}`);
}

function variable(part: Part, name: string, before: unknown, after: unknown): string {
  const what = variableWords(part, name);
  const [from, to] = [label(before), label(after)];
  const moved = movedPage(name, from, to);
  if (moved !== undefined) return `pages of the login UI in ${part} ${valueWords(moved.from, moved.to)}`;
  // Two secrets may bear one label, written in two formats.
  return from === to ? `${what} comes from another secret` : `${what} ${valueWords(from, to)}`;
}

/** A variable's value with secrets as labels. */
function label(value: unknown): string | undefined {
  return isText(value) ? redacted(value) : undefined;
}

function isText(value: unknown): value is Text {
  return typeof value === "string" || (typeof value === "object" && value !== null && "parts" in value);
}
