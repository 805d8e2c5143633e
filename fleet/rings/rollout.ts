import type { Fleet, Tenant } from "../model.ts";
import { releaseId, withImages } from "../release.ts";
import { dispositionOf } from "../tenant/state.ts";
import { Admissions, type Finding, provesOf, type RingTenant } from "./admission.ts";
import { withoutGivenUp } from "./givenUp.ts";
import { type Given, type Ledger, type Verification, withVerification } from "./ledger.ts";
import type { Wait } from "./wait.ts";

/** What a tenant gets in this run, or has since an earlier one. */
export interface Share extends Given {
  /** What it has now, where that is another one. */
  readonly before?: Given;
  /** Why that is not the one that the file asks for. Empty: it is. */
  readonly waits: readonly Wait[];
  /** Tenants that must answer before this one is touched. */
  readonly after: readonly string[];
}

/** Which release every tenant gets, ring after ring. */
export interface Rollout {
  /** The fleet with the releases that its tenants get now; the very one of the arguments where nobody waits. */
  readonly fleet: Fleet;
  readonly shares: ReadonlyMap<string, Share>;
  /** Tenants whose health decides what others get: they are to be asked, and the rollout worked out again. */
  readonly asked: ReadonlySet<string>;
  /** By ring, for the state: what was known before, and what was found just now. */
  readonly verified: ReadonlyMap<string, readonly Verification[]>;
  /** By ring: releases with which it is healthy once these tenants of it have passed their gates in this run. */
  readonly toVerify: ReadonlyMap<string, readonly ToVerify[]>;
  /** What was found wrong just now. */
  readonly failures: readonly { readonly ring: string; readonly release: string; readonly words: string }[];
}

/** A release that a ring has not been seen healthy with since it was given it. */
export interface ToVerify {
  readonly id: string;
  readonly release: string;
  readonly tenants: readonly string[];
  /** These tenants, where they get it ahead of the rings before theirs. */
  readonly ahead?: readonly string[] | undefined;
}

export interface RolloutArgs {
  readonly fleet: Fleet;
  readonly ledger: Ledger;
  readonly now: Date;
  /** By tenant, of those that were asked. */
  readonly findings: ReadonlyMap<string, Finding>;
  /** Tenants that this run may not touch. */
  readonly refused: ReadonlySet<string>;
}

/** Works out who gets what. The same answer for the same arguments: the clock is one of them. */
export function rollout({ fleet, ledger: remembered, now, findings, refused }: RolloutArgs): Rollout {
  const tenants = fleet.tenants.map(
    ({ name, ring, wanted, state }): RingTenant => ({
      name,
      ring,
      wanted,
      runs: dispositionOf(state).runs,
      isRefused: refused.has(name),
    }),
  );
  const ledger = withoutGivenUp(remembered, tenants, now);
  const admissions = new Admissions({ rings: fleet.rings, tenants, ledger, now, findings });
  const parallel = new Map(fleet.rings.map((ring) => [ring.name, ring.parallel]));
  const moving = new Map<string, string[]>();
  const shares = new Map(
    tenants.map((tenant) => {
      const share = shareOf(tenant, tenants, admissions, ledger);
      const given = ledger.given.get(tenant.name);
      const since = ledger.since.get(tenant.name);
      // One that is new begins no bake again: where some come every day, none would ever end.
      if (given === undefined) return [tenant.name, share] as const;
      if (releaseId(given) === releaseId(share.release)) {
        // A clock that was ahead would keep its ring from ever being healthy since then.
        return [tenant.name, { ...share, since: since && since > now ? now : since }] as const;
      }
      // One that is suspended changes when it comes back. Until then no container says which release it has.
      if (!tenant.runs) return [tenant.name, { ...share, since }] as const;
      // One that may not be touched changes nothing, and nobody waits behind it.
      if (tenant.isRefused)
        return [tenant.name, { ...share, since: now, before: { release: given, since } }] as const;
      const ahead = moving.get(tenant.ring) ?? unproven(tenant, tenants, ledger);
      moving.set(tenant.ring, [...ahead, tenant.name]);
      const turn = ahead.at(-(parallel.get(tenant.ring) ?? Number.POSITIVE_INFINITY));
      const after = turn === undefined ? share.after : [...share.after, turn];
      return [tenant.name, { ...share, since: now, before: { release: given, since }, after }] as const;
    }),
  );
  const open = new Map(
    fleet.rings.map(({ name }) => [name, toVerify(name, tenants, shares, admissions, ledger)]),
  );
  // After that, since it may have had more tenants asked.
  const found = judged(admissions, fleet, ledger, now, findings);
  const isFailing = (name: string) => found.failures.some(({ ring }) => ring === name);
  // Gates that were passed in an earlier run say nothing against what it has answered just now.
  const isWell = ({ tenants: all }: ToVerify) =>
    all.every((name) => (findings.get(name)?.kind ?? "passed") === "passed");
  const hasAll = [...shares.values()].every(({ waits }) => waits.length === 0);
  return {
    fleet: hasAll ? fleet : { ...fleet, tenants: fleet.tenants.map((tenant) => having(tenant, shares)) },
    shares,
    asked: admissions.asked,
    ...found,
    // A ring's memory is written once its tenants have passed. A failure is to be remembered, whoever else fails.
    toVerify: new Map([...open].map(([name, all]) => [name, isFailing(name) ? [] : all.filter(isWell)])),
  };
}

/** A tenant with the release that it gets. */
function having(tenant: Tenant, shares: ReadonlyMap<string, Share>): Tenant {
  const { release = tenant.wanted } = shares.get(tenant.name) ?? {};
  return { ...tenant, release: withImages(release, tenant.images) };
}

function shareOf(
  tenant: RingTenant,
  tenants: readonly RingTenant[],
  admissions: Admissions,
  { given }: Ledger,
): Share {
  const { name, ring, wanted } = tenant;
  const id = releaseId(wanted);
  const own = given.get(name);
  const atOnce: Share = { release: wanted, waits: [], after: [] };
  if (own !== undefined && releaseId(own) === id) return atOnce;
  // One that is new begins with what its ring has, not ahead of it; where nobody has anything yet, nothing is to be waited for.
  const others = tenants.flatMap((one) =>
    one.ring === ring && releaseId(one.wanted) === id ? (given.get(one.name) ?? []) : [],
  );
  const present = own ?? others[0];
  if (present === undefined) return atOnce;
  if (admissions.isWayBack(tenant, id)) return atOnce;
  const admission = admissions.admit(ring, id);
  if (admission.kind === "waits") return { release: present, waits: admission.for, after: [] };
  const after = admission.after.flatMap((other) => admissions.wanting(other, id).map((one) => one.name));
  return { ...atOnce, after };
}

/** What the answers of those that were asked add to what was known of their rings. */
function judged(
  admissions: Admissions,
  { rings, tenants }: Fleet,
  ledger: Ledger,
  now: Date,
  findings: ReadonlyMap<string, Finding>,
): Pick<Rollout, "verified" | "failures"> {
  const failures: { ring: string; release: string; words: string }[] = [];
  const verified = new Map(
    rings.map(({ name }) => {
      const asked = tenants.filter((one) => one.ring === name && admissions.asked.has(one.name));
      let all = ledger.verified.get(name) ?? [];
      for (const id of new Set(asked.map(({ wanted }) => releaseId(wanted)))) {
        const before = all.find((one) => one.id === id);
        const having = asked.filter(({ wanted }) => releaseId(wanted) === id);
        const answers = having.map((one) => findings.get(one.name));
        const failed = answers.find((answer) => answer?.kind === "failed");
        if (before === undefined) {
          // Its gates were passed in a run that could not note it. It is not well now, so there is nothing to note.
          const [first] = having;
          if (failed?.kind === "failed" && first !== undefined) {
            failures.push({ ring: name, release: first.wanted.name, words: failed.words });
          }
        } else if (failed?.kind === "failed") {
          failures.push({ ring: name, release: before.release, words: failed.words });
          all = withVerification(all, {
            ...before,
            failure: before.failure ?? { at: now, words: failed.words },
          });
        } else if (before.failure !== undefined && answers.every((answer) => answer?.kind === "passed")) {
          all = withVerification(all, { ...before, at: now, failure: undefined });
        }
      }
      return [name, all] as const;
    }),
  );
  return { verified, failures };
}

/** Tenants that have what this one is to get, and have not been seen healthy with it: of `parallel`, they count as changing. */
function unproven({ ring, wanted }: RingTenant, tenants: readonly RingTenant[], ledger: Ledger): string[] {
  const id = releaseId(wanted);
  const before = ledger.verified.get(ring)?.find((one) => one.id === id);
  return tenants.flatMap(({ name, ring: of, runs, wanted: other }) => {
    const own = ledger.given.get(name);
    const hasIt = own !== undefined && releaseId(own) === id && releaseId(other) === id;
    const isProven = before !== undefined && provesOf(name, before, ledger);
    return runs && of === ring && hasIt && !isProven ? [name] : [];
  });
}

/**
 * Where a tenant comes to a release, its ring is verified with it again: "since when all of it were healthy" begins then. A
 * release that the ring waits for is not the ring's because one of its tenants has brought it along, or begins with it.
 */
function toVerify(
  ring: string,
  tenants: readonly RingTenant[],
  shares: ReadonlyMap<string, Share>,
  admissions: Admissions,
  ledger: Ledger,
): ToVerify[] {
  const here = tenants.flatMap(({ name, ring: of, runs, isRefused }) => {
    const release = shares.get(name)?.release;
    return runs && of === ring && release !== undefined
      ? [{ name, release, isRefused, id: releaseId(release) }]
      : [];
  });
  return [...new Set(here.map(({ id }) => id))].flatMap((id) => {
    const all = here.filter((one) => one.id === id);
    const [first] = all;
    const before = admissions.verification(ring, id);
    const isKnown =
      before !== undefined &&
      all.every(({ name }) => !ledger.given.has(name) || provesOf(name, before, ledger));
    if (isKnown || first === undefined || all.some(({ isRefused }) => isRefused)) return [];
    const hasOther = here.some(({ name }) => {
      const given = ledger.given.get(name);
      return given !== undefined && releaseId(given) !== id;
    });
    if (hasOther && admissions.admit(ring, id).kind === "waits") return [];
    const names = all.map(({ name }) => name);
    const ahead = admissions.isAhead(ring, id) ? names : undefined;
    return [{ id, release: first.release.name, tenants: names, ahead }];
  });
}
