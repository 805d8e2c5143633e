import type { DockerRoute } from "../../backends/docker/tenant.ts";
import type { Effect } from "../../fleet/effect.ts";
import { type Change, changeOf, type Difference, difference, entries, pairs } from "./change.ts";
import { same, valueWords } from "./value.ts";

const siteWords: Readonly<Record<string, string>> = {
  login: "login site",
  api: "API site",
  admin: "admin site",
};

/** What changes about the ways in. The site file is checked beside the old one and swapped. */
export function routeChanges(before: readonly DockerRoute[], after: readonly DockerRoute[]): Change[] {
  const found = pairs(byPurpose(before), byPurpose(after)).flatMap(([purpose, from, to]) =>
    siteDifferences(purpose, from, to),
  );
  const differences = found.map(({ property, words }) => ({ property, words }));
  return found.some(({ effect }) => effect === "interrupts")
    ? changeOf("sites", "interrupts", differences, "who uses what is gone is refused from then on")
    : changeOf("sites", "in-place", differences, "site file swapped, no connection drops");
}

interface SiteDifference extends Difference {
  readonly effect: Effect;
}

function siteDifferences(
  purpose: string,
  before: DockerRoute | undefined,
  after: DockerRoute | undefined,
): SiteDifference[] {
  const site = siteWords[purpose] ?? `${purpose} site`;
  const is = (property: string, words: string, effect: Effect): SiteDifference => ({
    ...difference(`routes.${purpose}${property}`, words),
    effect,
  });
  if (before === undefined) return [is("", `${site} is new`, "in-place")];
  if (after === undefined) return [is("", `${site} is gone`, "interrupts")];
  return entries(before, after).flatMap(([name, from, to]) => {
    if (same(from, to)) return [];
    if (name === "hostNames") {
      return [is(".hostNames", `${site} answers for ${valueWords(from, to)}`, lost(from, to))];
    }
    if (name === "allow") return [is(".allow", `${site} opens for ${allowed(before, after)}`, "in-place")];
    return [is(`.${name}`, `${site}: ${nameWords[name] ?? name} ${valueWords(from, to)}`, "in-place")];
  });
}

const nameWords: Readonly<Record<string, string>> = {
  hidden: "paths that answer 404",
  limits: "limits on what one visitor sends",
  pages: "pages of its own",
  upstream: "leads to",
};

/** A name that is no longer answered is an outage for anyone who uses it. */
function lost(before: unknown, after: unknown): Effect {
  const names = new Set(Array.isArray(after) ? after : []);
  return Array.isArray(before) && before.some((name) => !names.has(name)) ? "interrupts" : "in-place";
}

function allowed({ allow: before }: DockerRoute, { allow: after }: DockerRoute): string {
  if (after === undefined) return "everybody";
  if (after.length === 0) return "nobody any more";
  return valueWords(before ?? ["everybody"], after);
}

function byPurpose(routes: readonly DockerRoute[]): Map<string, DockerRoute> {
  return new Map(routes.map((route) => [route.purpose, route]));
}
