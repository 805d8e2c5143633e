import type { DockerTenant } from "../../backends/docker/tenant.ts";
import type { Effect } from "../../fleet/effect.ts";
import type { Tenant } from "../../fleet/model.ts";
import type { Site, TenantState } from "../../fleet/tenant/state.ts";
import { type Change, changeOf, type Difference, difference, entries } from "./change.ts";
import { same } from "./value.ts";

/** Whether nothing of it runs. */
export const isClosed = ({ keeper }: Pick<DockerTenant, "keeper">) => keeper !== undefined;

/** What visitors meet, in words that follow a tenant. */
export function siteWords(site: Site): string {
  if (site.kind !== "closed") return "its names lead to it again";
  return `its names answer ${site.status}, closed ${site.status === 503 ? "for the time being" : "for good"}`;
}

interface Meaning {
  readonly effect: Effect;
  readonly words: string;
}

const kept = "volume, root key, DNS records and certificates stay";

/** What it means to come into a state. */
const meanings: Readonly<Record<TenantState, Meaning>> = {
  active: {
    effect: "in-place",
    words:
      "its services start on the data that was kept, in about 20 s, and sessions and tokens of before are good",
  },
  suspended: {
    effect: "interrupts",
    words: `nobody signs in there until it is active again: its services stop and their containers are removed; ${kept}`,
  },
  retired: {
    effect: "interrupts",
    words: `nobody signs in there any more: its services stop and their containers are removed; ${kept}, and no edit deletes the data`,
  },
};
const amongClosed: Meaning = { effect: "in-place", words: "nothing else of it changes" };
const unknown: Meaning = { effect: "interrupts", words: "see `pulumi preview` for what it does" };

/** What an edit of the state does, with all that comes or goes by it. */
export function stateChanges(before: DockerTenant, after: DockerTenant): Change[] {
  const words = `state ${before.state} → ${after.state}`;
  const state = before.state === after.state ? [] : [difference("state", words)];
  const site = entries(before.site, after.site).flatMap(([name, from, to]) =>
    same(from, to) ? [] : [difference(`site.${name}`, siteWords(after.site))],
  );
  const { effect, words: consequence } =
    isClosed(before) && isClosed(after) ? amongClosed : (meanings[after.state] ?? unknown);
  return changeOf("tenant", effect, [...state, ...comeOrGo(before, after, words), ...site], consequence);
}

/** All that runs, or all that ran: people are told the state, machines each part. */
function comeOrGo(before: DockerTenant, after: DockerTenant, words: string): Difference[] {
  if (isClosed(before) === isClosed(after)) return [];
  const [open] = isClosed(before) ? [after] : [before];
  return [
    ...open.workloads.map(({ part }) => `workloads.${part}`),
    ...open.gates.map(({ name }) => `gates.${name}`),
  ].map((property) => difference(property, words));
}

/** Fields that only what runs is made of. */
const ofServices = ["size", "mail", "cors", "clients", "defaultClient", "schemas"] as const;

/** What is edited of a tenant of which nothing runs, before and after. */
export function whileClosed(before: Tenant, after: Tenant): Difference[] {
  const fields = ofServices.flatMap((name) =>
    same(before[name], after[name]) ? [] : [difference(name, `${name} changes`)],
  );
  const images = same(before.release.images, after.release.images)
    ? []
    : [difference("images", "images change")];
  return [...fields, ...images];
}
