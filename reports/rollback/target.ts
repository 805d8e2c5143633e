import { didYouMean } from "../../files/suggestion.ts";
import { listed } from "../../fleet/listed.ts";
import type { Fleet, Release, Tenant } from "../../fleet/model.ts";
import { releaseId } from "../../fleet/release.ts";
import type { Ledger } from "../../fleet/rings/ledger.ts";
import { goneBackFrom, type Remembered, releaseBefore, remembered } from "../../fleet/rings/wayBack.ts";
import { dispositionOf } from "../../fleet/tenant/state.ts";

/** How many tenants a message names. */
const most = 5;

/** Why nothing can be rolled back; whole lines. */
export class RollbackRefusal extends Error {
  override readonly name = "RollbackRefusal";
}

/** What goes back, and to what. */
export interface Target {
  readonly kind: "tenant" | "ring";
  readonly name: string;
  readonly tenants: readonly { readonly tenant: Tenant; readonly has: Release }[];
  /** Those of the ring of which nothing runs: they keep what they have. */
  readonly closed: readonly Tenant[];
  readonly to: string;
  /** Undefined where the state does not remember it. */
  readonly id: string | undefined;
}

export interface TargetArgs {
  /** `acme`, `canary`, `tenant:acme`, `ring:canary` */
  readonly name: string;
  /** As asked for with `--to`. */
  readonly to: string | undefined;
  readonly fleet: Fleet;
  readonly ledger: Ledger;
}

/** @throws RollbackRefusal */
export function targetOf({ name: written, to, fleet, ledger }: TargetArgs): Target {
  const { kind, name } = named(written, fleet);
  const all = fleet.tenants.filter((one) => (kind === "tenant" ? one.name === name : one.ring === name));
  const running = all.filter(({ state }) => dispositionOf(state).runs);
  const [lone] = all;
  const title = kind === "tenant" ? name : `ring ${name}`;
  if (running.length === 0) {
    throw new RollbackRefusal(
      lone === undefined || kind === "ring"
        ? `${title}: no tenant of it runs in stack ${fleet.config.stack}, so nothing goes back. Write another ring, or a tenant.`
        : `${name} is ${lone.state}, so its databases cannot be asked. Write state: active, run pulumi up, and roll back then.`,
    );
  }
  const tenants = running.map((tenant) => {
    const has = ledger.given.get(tenant.name);
    if (has === undefined) {
      throw new RollbackRefusal(
        `${tenant.name} has never run in stack ${fleet.config.stack}, so there is nothing to go back to. Write the release that it is to have, and run pulumi up.`,
      );
    }
    return { tenant, has };
  });
  const found = to === undefined ? before(title, tenants, ledger) : asked(title, to, tenants, ledger);
  const closed = all.filter(({ state }) => !dispositionOf(state).runs);
  return { kind, name, tenants, closed, to: found.name, id: found.id };
}

function named(written: string, fleet: Fleet): Pick<Target, "kind" | "name"> {
  const [, prefix, name = written] = /^(tenant|ring):(.*)$/.exec(written) ?? [];
  const tenants = fleet.tenants.map((one) => one.name);
  const rings = fleet.rings.map((one) => one.name);
  const isTenant = prefix !== "ring" && tenants.includes(name);
  const isRing = prefix !== "tenant" && rings.includes(name);
  const { stack } = fleet.config;
  if (isTenant && isRing) {
    throw new RollbackRefusal(
      `${name} is a tenant and a ring of stack ${stack}. Write tenant:${name} or ring:${name}.`,
    );
  }
  if (isTenant) return { kind: "tenant", name };
  if (isRing) return { kind: "ring", name };
  const known = `Its rings: ${rings.join(", ")}. Its tenants: ${listed(tenants, most) || "none"}.`;
  throw new RollbackRefusal(
    `${name} is neither a tenant nor a ring of stack ${stack}. ${didYouMean(name, [...rings, ...tenants], known)}`,
  );
}

type Found = Pick<Remembered, "name"> & { readonly id: string | undefined };

/** What all of them had before. */
function before(title: string, tenants: Target["tenants"], ledger: Ledger): Found {
  for (const { tenant, has } of tenants) {
    const from = goneBackFrom(tenant, ledger);
    // Whoever runs the command twice does not mean to go back twice.
    if (from !== undefined && releaseId(tenant.wanted) === releaseId(has)) {
      throw new RollbackRefusal(
        `${title}: ${tenant.name} went back from ${from} to ${has.name} already. To go back further: --to with an earlier release.`,
      );
    }
  }
  const found = tenants.map(({ tenant, has }) => ({ tenant, has, was: releaseBefore(tenant, ledger) }));
  const waiting = found.filter(
    ({ tenant, has, was }) =>
      releaseId(tenant.wanted) !== releaseId(has) && releaseId(tenant.wanted) !== was?.id,
  );
  const [first] = waiting;
  if (first !== undefined) {
    // A run that ended in the ring's first tenants: the others have what those had before, and keep it.
    const [reached, ...more] = distinct(found.filter((one) => !waiting.includes(one)).map(({ was }) => was));
    const isRest = waiting.every(({ has }) => releaseId(has) === reached?.id);
    if (reached !== undefined && more.length === 0 && isRest) return reached;
    const names = listed(
      waiting.map(({ tenant }) => tenant.name),
      most,
    );
    throw new RollbackRefusal(
      `${title}: ${first.tenant.wanted.name} has not reached ${names}, with ${first.has.name} still. To keep it from ${waiting.length === 1 ? "it" : "them"}: --to ${first.has.name}. To go back further: --to with an earlier release.`,
    );
  }
  const unknown = found.find(({ was }) => was === undefined);
  if (unknown !== undefined) {
    throw new RollbackRefusal(
      `${title}: nobody knows what ${unknown.tenant.name} had before ${unknown.has.name}. Write --to with the release that it is to get back.`,
    );
  }
  const groups = new Map<string, { readonly was: Remembered; readonly names: string[] }>();
  for (const { tenant, was } of found) {
    if (was === undefined) continue;
    const group = groups.get(was.id) ?? { was, names: [] };
    group.names.push(tenant.name);
    groups.set(was.id, group);
  }
  const [only, ...others] = groups.values();
  if (only === undefined || others.length > 0) {
    const words = [...groups.values()].map(({ was, names }) => `${was.name}: ${listed(names, most)}`);
    throw new RollbackRefusal(
      `${title}: its tenants had different releases before (${words.join("; ")}). Write --to with one, or roll back tenant by tenant.`,
    );
  }
  return only.was;
}

const distinct = (all: readonly (Remembered | undefined)[]) => [
  ...new Map(all.map((one) => [one?.id, one])).values(),
];

/** A release that somebody has named. Where the state remembers any, it has to be one of them. */
function asked(title: string, to: string, tenants: Target["tenants"], ledger: Ledger): Found {
  const ids = new Set<string>();
  for (const { tenant, has } of tenants) {
    const known = [...remembered(tenant, ledger), { id: releaseId(has), name: has.name }];
    const one = known.findLast(({ name }) => name === to);
    if (one !== undefined) ids.add(one.id);
    else if (known.length > 1) {
      const words = known.map(({ name }) => name).join(", ");
      throw new RollbackRefusal(
        `--to ${to}: ${title} has not run it, as far as the state remembers: ${words}. Write one of these. Another release is an edit of tenants.yaml, and goes through the rings.`,
      );
    }
  }
  const [id] = ids;
  return { name: to, id: ids.size === 1 ? id : undefined };
}
