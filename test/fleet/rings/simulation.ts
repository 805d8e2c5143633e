import type { Fleet, Release, Tenant } from "../../../fleet/model.ts";
import type { Finding } from "../../../fleet/rings/admission.ts";
import { emptyLedger, type Ledger, withVerification } from "../../../fleet/rings/ledger.ts";
import { type Ring, ringsInOrder } from "../../../fleet/rings/ring.ts";
import { type Rollout, rollout } from "../../../fleet/rings/rollout.ts";
import { config, tenant } from "../../fixtures.ts";

const usual = tenant("any").wanted;

/** A release of another name has other images. */
export const release = (name: string): Release => ({
  ...usual,
  name,
  images: { ...usual.images, kratos: `registry.test/kratos:${name}` },
});

export interface Entry extends Partial<Pick<Tenant, "state">> {
  readonly ring: string;
  readonly wants: string;
}

/** What a run of `up` does to the ledger, told without Pulumi: a tenant whose gate fails ends what depends on it. */
export class Simulation {
  ledger: Ledger = emptyLedger;
  now = new Date("2026-11-28T12:00:00Z");
  rings: readonly Ring[];
  entries: Record<string, Entry>;

  constructor(entries: Record<string, Entry>, settings: Readonly<Record<string, Partial<Ring>>>) {
    this.entries = entries;
    this.rings = ringsInOrder(Object.keys(settings)).map((ring) => ({ ...ring, ...settings[ring.name] }));
  }

  /** Moves the clock. */
  later(hours: number): void {
    this.now = new Date(this.now.getTime() + hours * 3_600_000);
  }

  /** Everybody asks for another release. */
  want(name: string): void {
    this.entries = Object.fromEntries(
      Object.entries(this.entries).map(([tenant, entry]) => [tenant, { ...entry, wants: name }]),
    );
  }

  plan(findings: Readonly<Record<string, Finding>> = {}, refused: readonly string[] = []): Rollout {
    const args = { fleet: this.fleet, ledger: this.ledger, now: this.now, refused: new Set(refused) };
    const first = rollout({ ...args, findings: new Map() });
    const answers = [...first.asked].map(
      (name) => [name, findings[name] ?? ({ kind: "passed" } as const)] as const,
    );
    return rollout({ ...args, findings: new Map(answers) });
  }

  /**
   * @param failing tenants whose gate does not let them through
   * @param isKilled whether the run ends before what its tenants have passed is written of their rings
   */
  up(
    failing: readonly string[] = [],
    findings: Readonly<Record<string, Finding>> = {},
    isKilled = false,
  ): Rollout {
    const found = this.plan(findings);
    const { shares } = found;
    const isReached = (name: string): boolean => (shares.get(name)?.after ?? []).every(isPassed);
    const isPassed = (name: string): boolean => isReached(name) && !failing.includes(name);
    const given = new Map(this.ledger.given);
    const since = new Map(this.ledger.since);
    const verified = new Map(found.verified);
    for (const { name } of found.fleet.tenants) {
      const share = shares.get(name);
      if (share === undefined || !isReached(name)) continue;
      given.set(name, share.release);
      if (share.since !== undefined) since.set(name, share.since);
    }
    for (const [ring, all] of found.toVerify) {
      // A ring's memory is written as a whole, once all that it waits for has come.
      if (all.length > 0 && (isKilled || !all.every(({ tenants }) => tenants.every(isPassed)))) {
        verified.set(ring, this.ledger.verified.get(ring) ?? []);
        continue;
      }
      for (const { id, release: got, ahead } of all) {
        const one = { id, release: got, at: this.now, ahead };
        verified.set(ring, withVerification(verified.get(ring) ?? [], one));
      }
    }
    this.ledger = { given, since, verified };
    return found;
  }

  /** What each tenant has been given. */
  get running(): Record<string, string> {
    return Object.fromEntries([...this.ledger.given].map(([name, one]) => [name, one.name]));
  }

  private get fleet(): Fleet {
    const tenants = Object.entries(this.entries).map(([name, { ring, wants, state = "active" }]) =>
      tenant(name, { ring, state, wanted: release(wants), release: release(wants) }),
    );
    return { config, tenants, purges: [], rings: this.rings, releases: [], skipped: [] };
  }
}

/** Why each tenant waits, by name; those that do not are left out. */
export const waits = ({ shares }: Rollout) =>
  Object.fromEntries(
    [...shares].flatMap(([name, share]) => (share.waits.length > 0 ? [[name, share.waits]] : [])),
  );
