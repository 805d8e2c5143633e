import type { Release } from "../model.ts";
import { releaseId } from "../release.ts";
import type { Ledger, Verification } from "./ledger.ts";
import type { Ring } from "./ring.ts";
import type { Wait } from "./wait.ts";
import { isOpen, nextOpening } from "./window.ts";

/** A tenant as rings see it. */
export interface RingTenant {
  readonly name: string;
  readonly ring: string;
  /** What the file asks for. */
  readonly wanted: Release;
  /** Whether anything of it runs: one that is suspended proves nothing. */
  readonly runs: boolean;
  /** Whether this run may not touch it. */
  readonly isRefused: boolean;
}

/** What a tenant has answered just now. */
export type Finding =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly words: string }
  /** It could not be asked. */
  | { readonly kind: "unknown"; readonly words: string };

export interface Question {
  /** As the file has them. None follows itself. */
  readonly rings: readonly Ring[];
  readonly tenants: readonly RingTenant[];
  readonly ledger: Ledger;
  readonly now: Date;
  /** By tenant. A tenant that was not asked is missing. */
  readonly findings: ReadonlyMap<string, Finding>;
}

/** Whether a ring gets a release now. */
export type Admission =
  /** Once the tenants of these rings answer with it, in the same run. */
  | { readonly kind: "open"; readonly after: readonly string[] }
  | { readonly kind: "waits"; readonly for: readonly Wait[] };

/** Whether a verification says something of a tenant: it has the release, and had it then. */
export function provesOf(tenant: string, { id, at }: Verification, { given, since }: Ledger): boolean {
  const release = given.get(tenant);
  const begun = since.get(tenant);
  return release !== undefined && releaseId(release) === id && (begun === undefined || begun <= at);
}

/**
 * Says which ring gets which release. A ring that has been healthy with a release gets it back at once, whatever the hour: that
 * is the way back. Any other release comes ring after ring.
 */
export class Admissions {
  private readonly question: Question;
  private readonly rings: ReadonlyMap<string, Ring>;
  private readonly known = new Map<string, Admission>();
  /** Tenants whose health decides what others get. */
  readonly asked = new Set<string>();

  constructor(question: Question) {
    this.question = question;
    this.rings = new Map(question.rings.map((ring) => [ring.name, ring]));
  }

  /** Whether a tenant gets a release back that its ring, or it ahead of its ring, has been healthy with. */
  isWayBack({ name, ring }: Pick<RingTenant, "name" | "ring">, id: string): boolean {
    const before = this.verification(ring, id);
    return before !== undefined && before.failure === undefined && (before.ahead?.includes(name) ?? true);
  }

  admit(name: string, id: string): Admission {
    const key = `${name} ${id}`;
    const found = this.known.get(key) ?? this.decide(name, id);
    this.known.set(key, found);
    return found;
  }

  /** Tenants that run and ask for a release. */
  wanting(ring: string, id: string): RingTenant[] {
    return this.question.tenants.filter(
      (one) => one.runs && one.ring === ring && releaseId(one.wanted) === id,
    );
  }

  verification(ring: string, id: string): Verification | undefined {
    return this.question.ledger.verified.get(ring)?.find((one) => one.id === id);
  }

  private decide(name: string, id: string): Admission {
    const ring = this.rings.get(name);
    const before = this.verification(name, id);
    const isWayBack = before !== undefined && before.failure === undefined && before.ahead === undefined;
    if (ring === undefined || isWayBack) {
      return { kind: "open", after: [] };
    }
    const { now } = this.question;
    const waits: Wait[] = [];
    const after: string[] = [];
    if (ring.hold) waits.push({ kind: "hold" });
    if (ring.window !== undefined && !isOpen(ring.window, now)) {
      waits.push({ kind: "window", opens: nextOpening(ring.window, now) });
    }
    for (const other of this.before(ring, id)) {
      const wait = this.reliance(other, id);
      if (wait === "same run") after.push(other.name);
      else if (wait !== undefined) waits.push(wait);
    }
    return waits.length > 0 ? { kind: "waits", for: waits } : { kind: "open", after };
  }

  /** Whether a ring gets a release that none before it asks for, or has been healthy with. */
  isAhead(name: string, id: string): boolean {
    const ring = this.rings.get(name);
    if (ring === undefined || ring.after.length === 0 || this.before(ring, id).length > 0) return false;
    return !this.ancestors(ring).some((other) => {
      const proof = this.verification(other, id);
      return proof !== undefined && proof.failure === undefined;
    });
  }

  /** All rings before one. */
  private ancestors({ after }: Ring): string[] {
    return after.flatMap((name) => {
      const other = this.rings.get(name);
      return other === undefined ? [] : [name, ...this.ancestors(other)];
    });
  }

  /**
   * Rings that prove the release for this one. One without tenants that ask for it proves nothing, so those before it do; but one
   * that has given it up speaks against it.
   */
  private before(ring: Ring, id: string): Ring[] {
    const found = ring.after.flatMap((name) => {
      const other = this.rings.get(name);
      if (other === undefined) return [];
      return this.wanting(name, id).length > 0 || this.hasGivenUp(name, id)
        ? [other]
        : this.before(other, id);
    });
    return [...new Set(found)];
  }

  /** Whether it was not well with a release, and now asks for another. */
  private hasGivenUp(ring: string, id: string): boolean {
    const isThere = this.question.tenants.some((one) => one.runs && one.ring === ring);
    return isThere && this.verification(ring, id)?.failure !== undefined;
  }

  /** What another ring has to wait for on this one's part. */
  private reliance(ring: Ring, id: string): Wait | "same run" | undefined {
    const { ledger, now } = this.question;
    const tenants = this.wanting(ring.name, id);
    const refused = tenants.find(({ isRefused }) => isRefused);
    if (refused !== undefined) {
      return { kind: "unknown", ring: ring.name, words: `${refused.name} may not be touched in this run` };
    }
    const before = this.verification(ring.name, id);
    // One that is new is made in this run: it can be asked nothing yet, and begins no bake again.
    const settled = tenants.filter(({ name }) => ledger.given.has(name));
    if (tenants.length === 0 && before?.failure !== undefined) {
      return { kind: "failed", ring: ring.name, words: before.failure.words };
    }
    if (
      before === undefined ||
      settled.length === 0 ||
      !settled.every(({ name }) => provesOf(name, before, ledger))
    ) {
      if (this.admit(ring.name, id).kind === "waits") return { kind: "ring", ring: ring.name };
      if (ring.bakeSeconds > 0) return this.bake(ring, undefined);
      return this.unnoted(ring, tenants, id) ?? "same run";
    }
    for (const { name } of settled) this.asked.add(name);
    const finding = this.finding(ring, settled);
    if (finding !== undefined) return finding;
    const since = before.failure === undefined ? before.at : now;
    const wait = this.bake(ring, since);
    return wait.until !== undefined && wait.until <= now ? undefined : wait;
  }

  /**
   * Against tenants that were all given the release in an earlier run, which ended before it could note that they passed: their
   * gates pass no second time, so they are asked.
   */
  private unnoted(ring: Ring, tenants: readonly RingTenant[], id: string): Wait | undefined {
    const { given } = this.question.ledger;
    const have = tenants.every(({ name }) => {
      const release = given.get(name);
      return release !== undefined && releaseId(release) === id;
    });
    if (!have) return undefined;
    for (const { name } of tenants) this.asked.add(name);
    return this.finding(ring, tenants);
  }

  private bake({ name, bakeSeconds }: Ring, since: Date | undefined) {
    const until = since && new Date(since.getTime() + bakeSeconds * 1000);
    return { kind: "bake", ring: name, seconds: bakeSeconds, since, until } as const;
  }

  /** What speaks against a ring's health just now. */
  private finding(ring: Ring, tenants: readonly RingTenant[]): Wait | undefined {
    const found = tenants.flatMap(({ name }) => {
      const finding = this.question.findings.get(name);
      return finding === undefined || finding.kind === "passed" ? [] : [finding];
    });
    const worst = found.find(({ kind }) => kind === "failed") ?? found[0];
    return worst && { ...worst, ring: ring.name };
  }
}
