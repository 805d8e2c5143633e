import type { Fleet } from "../../fleet/model.ts";
import { releaseId } from "../../fleet/release.ts";
import type { Finding } from "../../fleet/rings/admission.ts";
import type { Ledger } from "../../fleet/rings/ledger.ts";
import { type Rollout, rollout } from "../../fleet/rings/rollout.ts";
import { waitWords } from "../../fleet/rings/words.ts";
import { RollbackRefusal, type Target } from "./target.ts";

/**
 * What the next `up` would do with the edited files, if everybody was well.
 *
 * @returns tenants that get another release in it without being rolled back
 * @throws RollbackRefusal where it would let one wait that is to go back
 */
export function arrival(after: Fleet, before: Fleet, target: Target, ledger: Ledger, now: Date) {
  const { shares } = healthy(after, ledger, now);
  for (const { tenant } of target.tenants) {
    const waits = shares.get(tenant.name)?.waits ?? [];
    if (waits.length > 0) {
      throw new RollbackRefusal(
        `${tenant.name} would not get ${target.to} now: ${waits.map(waitWords).join("; ")}. Its ring does not remember to have been healthy with it, so it is a new release there. Write one that it remembers with --to, or take away what it waits for.`,
      );
    }
  }
  const back = new Set(target.tenants.map(({ tenant }) => tenant.name));
  return before.tenants.flatMap(({ name }) => {
    const [has, gets] = [ledger.given.get(name), shares.get(name)?.release];
    const isMoved = has !== undefined && gets !== undefined && releaseId(has) !== releaseId(gets);
    return isMoved && !back.has(name) ? [{ tenant: name, release: gets.name }] : [];
  });
}

function healthy(fleet: Fleet, ledger: Ledger, now: Date): Rollout {
  const args = { fleet, ledger, now, refused: new Set<string>() };
  const first = rollout({ ...args, findings: new Map() });
  const findings = new Map([...first.asked].map((name): [string, Finding] => [name, { kind: "passed" }]));
  return rollout({ ...args, findings });
}
