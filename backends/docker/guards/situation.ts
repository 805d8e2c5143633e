import type { EditFault } from "../../../fleet/editFault.ts";
import type { PostgresKind } from "../../../fleet/postgresVolume.ts";
import type { HostFacts } from "../facts.ts";
import type { PlannedFleet } from "../fleetPlan.ts";
import type { Known } from "../known.ts";
import { KnownTenant } from "./knownTenant.ts";

/** What a guard looks at: what the files want, what the state knows, and what hosts have said. */
export interface Situation {
  readonly planned: PlannedFleet;
  readonly known: Known;
  /** By host; a host that has not answered is missing. */
  readonly facts: ReadonlyMap<string, HostFacts>;
  readonly now: Date;
  /** Of root keys that tenants have brought, by the stack secret's key: what tells one from another. */
  readonly rootFingerprints: ReadonlyMap<string, string>;
  /** What the files say of a Postgres image, also of one that no tenant has any more. */
  readonly postgresKind: (image: string) => PostgresKind;
}

/** What guards say of an edit. */
export interface Guarded {
  /** Not followed. */
  readonly refused: readonly EditFault[];
  /** Followed, and told beforehand. */
  readonly told: readonly EditFault[];
  /** Whole lines for the end: what to do where the edit is meant. */
  readonly steps: readonly string[];
}

export const knownTenants = ({ known }: Situation): KnownTenant[] =>
  known
    .all("tenant")
    .map(({ name }) => new KnownTenant(name, known))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** The verb, or another word, that goes with so many names. */
export const verb = (names: readonly string[], one: string, many: string) =>
  names.length === 1 ? one : many;

/** How many names a sentence bears. */
export const most = 5;
