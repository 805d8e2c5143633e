import type { Fleet } from "../../fleet/model.ts";
import { releaseId } from "../../fleet/release.ts";
import type { Ledger } from "../../fleet/rings/ledger.ts";
import { dispositionOf } from "../../fleet/tenant/state.ts";
import type { Target } from "./target.ts";

/**
 * The release that each tenant of the stack is to ask for after a rollback, by name. Those that wait for what a ring gives up
 * ask for what they have: a release that was given up is on its way to nobody.
 */
export function wantedAfter({ tenants }: Fleet, target: Target, ledger: Ledger): ReadonlyMap<string, string> {
  const back = new Set(target.tenants.map(({ tenant }) => tenant.name));
  const left = new Set(target.tenants.map(({ has }) => releaseId(has)));
  const stay = tenants.filter(({ name, state }) => !back.has(name) && dispositionOf(state).runs);
  // Where another tenant of a ring keeps the release, that one goes on proving it.
  const isGivenUp = (id: string) =>
    left.has(id) &&
    target.tenants.every(
      ({ tenant }) => !stay.some(({ ring, wanted }) => ring === tenant.ring && releaseId(wanted) === id),
    );
  return new Map(
    tenants.map(({ name, wanted }) => {
      if (back.has(name)) return [name, target.to];
      const has = ledger.given.get(name);
      const isWaiting = has !== undefined && releaseId(has) !== releaseId(wanted);
      return [name, isWaiting && isGivenUp(releaseId(wanted)) ? has.name : wanted.name];
    }),
  );
}
