import type { PlannedFleet, PlannedTenant } from "../../backends/docker/fleetPlan.ts";
import { type Effect, worst } from "../../fleet/effect.ts";
import type { Fleet, Tenant } from "../../fleet/model.ts";
import { reservedBy } from "../../fleet/placement.ts";
import { volumeFault } from "../../fleet/postgresVolume.ts";
import { removableAtOnce } from "../../fleet/removal.ts";
import { dispositionOf } from "../../fleet/tenant/state.ts";
import { certificateChanges } from "./certificates.ts";
import { type Change, changeOf, difference } from "./change.ts";
import { recordChanges } from "./recordChanges.ts";
import { releaseWays } from "./releaseWay.ts";
import { stackChanges } from "./stackChanges.ts";
import { siteWords } from "./stateChanges.ts";
import { tenantChanges } from "./tenantChanges.ts";

export interface ChangedTenant {
  readonly tenant: string;
  readonly kind: "added" | "changed" | "removed";
  /** The worst of `changes`. */
  readonly effect: Effect;
  readonly changes: readonly Change[];
}

/** What differs between two states of a stack's files. */
export interface FleetChanges {
  /** The stack's own: configuration, hosts, rings. */
  readonly stack: readonly Change[];
  /** Only those that differ; removed ones first, then in the order of the file. */
  readonly tenants: readonly ChangedTenant[];
  /** What must not be merged, whole lines with what to do instead. */
  readonly refusals: readonly string[];
}

/**
 * @param before undefined for a stack that was not there
 * @param now what the times are counted from at which releases reach rings
 */
export function fleetChanges(before: PlannedFleet | undefined, after: PlannedFleet, now: Date): FleetChanges {
  const earlier = new Map(before?.tenants.map((planned) => [planned.tenant.name, planned]));
  const later = new Set(after.tenants.map(({ tenant }) => tenant.name));
  const isProtected = before?.fleet.config.protectData ?? true;
  const purges = new Map(after.fleet.purges.map(({ tenant, day }) => [tenant, day]));
  const missing = [...earlier.values()].filter(({ tenant }) => !later.has(tenant.name));
  const gone = missing.filter(({ tenant }) => !purges.has(tenant.name));
  const purged = missing.flatMap((planned) => {
    const day = purges.get(planned.tenant.name);
    return day === undefined ? [] : [changed("removed", planned, purge(planned, day, isProtected))];
  });
  const why = refusedRemoval(gone.length, earlier.size, after.fleet, isProtected);
  const removed = gone.map((planned) => changed("removed", planned, removal(planned, after, why)));
  const missed = isProtected ? gone.map(({ tenant }) => tenant.name) : [];
  const others = after.tenants.map((planned) => {
    const old = earlier.get(planned.tenant.name);
    return old === undefined
      ? changed("added", planned, addition(planned, before, missed))
      : changed("changed", planned, tenantChanges(old, planned));
  });
  return {
    stack: [
      ...(before === undefined ? newStack(after) : stackChanges(before.fleet, after.fleet)),
      ...certificateChanges(before, after),
      ...(before === undefined ? [] : releaseWays(before, after, now)),
    ],
    tenants: [...purged, ...removed, ...others].filter(({ changes }) => changes.length > 0),
    refusals: [
      ...missing.flatMap((planned) => (purges.has(planned.tenant.name) ? hasty(planned) : [])),
      ...after.tenants.flatMap((planned) => refusals(earlier.get(planned.tenant.name), planned)),
    ],
  };
}

/** The worst that any of it does. */
export function worstOf({ stack, tenants }: FleetChanges): Effect {
  return worst([...stack, ...tenants].map(({ effect }) => effect));
}

function changed(kind: ChangedTenant["kind"], { tenant }: PlannedTenant, changes: Change[]): ChangedTenant {
  return { tenant: tenant.name, kind, changes, effect: worst(changes.map(({ effect }) => effect)) };
}

function newStack({ fleet }: PlannedFleet): Change[] {
  const { stack } = fleet.config;
  const found = [difference("stack", `stack ${stack} is new`)];
  return changeOf("stack", "in-place", found, "its hosts get Caddy and the firewall");
}

/** @param missed protected tenants that are gone from the file: perhaps the newcomer is one under another name */
function addition(
  { tenant, plan }: PlannedTenant,
  before: PlannedFleet | undefined,
  missed: readonly string[],
): Change[] {
  const from = before?.fleet.skipped.find(({ name }) => name === tenant.name)?.host;
  if (from !== undefined) {
    const found = [difference("host", `host ${from} of another stack → ${tenant.host}`)];
    return changeOf(
      "tenant",
      "destroys",
      found,
      `data does not move: the tenant would start empty on ${tenant.host}`,
    );
  }
  const words = `new on ${tenant.host}: ring ${tenant.ring}, release ${plan.release}, ${reservedBy(tenant)}MiB reserved`;
  return [
    ...changeOf(
      "tenant",
      "in-place",
      [difference("tenant", words)],
      missed.length === 0
        ? madeAs(tenant)
        : `not made while ${missed.length > 3 ? `${missed.length} tenants are` : `${missed.join(", ")} is`} removed: a name cannot be changed, and under a new one a tenant begins empty`,
    ),
    ...recordChanges(
      [],
      plan.records.filter(({ by }) => by === "hand"),
    ),
  ];
}

/** A tenant that begins closed is its volume, its keys and its names. */
const madeAs = ({ state }: Tenant) =>
  state === "active"
    ? "made in about 20 s, touches nobody else"
    : `made ${state}: nothing of it runs, ${siteWords(dispositionOf(state).site)}`;

/** Undefined for a removal that `pulumi up` does. */
function refusedRemoval(
  gone: number,
  all: number,
  { config }: Fleet,
  isProtected: boolean,
): string | undefined {
  // What Pulumi looks at is the protection in its state: that of the run before this one.
  if (isProtected) return "refused by `pulumi up` while protectData is on, before anything of it stops";
  const percent = config.removeAtOncePercent;
  if (gone <= removableAtOnce(all, percent)) return undefined;
  return `refused by \`pulumi up\`: ${gone} of ${all} tenants at once, and removeAtOnce is ${percent}%`;
}

/** @param refused why `pulumi up` does not do it */
function removal(
  { tenant, plan }: PlannedTenant,
  after: PlannedFleet,
  refused: string | undefined,
): Change[] {
  const to = after.fleet.skipped.find(({ name }) => name === tenant.name)?.host;
  const found = [
    to === undefined
      ? difference("tenant", "removed")
      : difference("host", `host ${tenant.host} → ${to} of another stack, removed here`),
  ];
  if (refused !== undefined) return changeOf("tenant", "destroys", found, refused);
  return [
    ...changeOf("tenant", "destroys", found, "its data and root key are DELETED: protectData is off"),
    ...recordChanges(
      plan.records.filter(({ by }) => by === "hand"),
      [],
    ),
  ];
}

/** Retired and purged by one edit. */
function hasty({ tenant }: PlannedTenant): string[] {
  if (!dispositionOf(tenant.state).runs) return [];
  return [
    `tenants.${tenant.name}.purge: ${tenant.name} runs, and only what was retired before can be purged. Remove this line, pulumi up, and write it again after that.`,
  ];
}

function purge({ plan }: PlannedTenant, day: string, isProtected: boolean): Change[] {
  const runs = isProtected
    ? `the first \`pulumi up\` on ${day} lifts their protection, the second DELETES them`
    : `\`pulumi up\` on ${day} DELETES them`;
  return [
    ...changeOf(
      "tenant",
      "destroys",
      [difference("purge", `purge on ${day}`)],
      `its volume, root key and DNS records: ${runs}; on any other day it is refused`,
    ),
    ...recordChanges(
      plan.records.filter(({ by }) => by === "hand"),
      [],
    ),
  ];
}

function refusals(before: PlannedTenant | undefined, { tenant }: PlannedTenant): string[] {
  if (before === undefined) return [];
  const { postgresMajor: major, postgresBase, images } = before.tenant.release;
  // Of the same image the file may say something else now.
  const base = images.postgres === tenant.release.images.postgres ? undefined : postgresBase;
  const found = volumeFault({ major, base }, tenant.release);
  if (found === undefined) return [];
  return [`${["tenants", tenant.name, ...found.field].join(".")}: ${found.fault}. ${found.remedy}`];
}
