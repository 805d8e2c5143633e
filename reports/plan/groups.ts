import { type Effect, effects } from "../../fleet/effect.ts";
import { type Change, sentence } from "./change.ts";
import type { ChangedTenant, FleetChanges } from "./fleetChanges.ts";

/** Tenants to which the same happens: a release reaches 500 of them with the same nine lines. */
export interface Group {
  /** `stack` for what is nobody's alone. */
  readonly names: readonly string[];
  readonly kind: ChangedTenant["kind"] | "stack";
  readonly effect: Effect;
  readonly changes: readonly Change[];
}

/** The worst first; the stack's own before tenants' of the same effect. */
export function groups({ stack, tenants }: FleetChanges): Group[] {
  const own = stack.map(
    (change): Group => ({ names: ["stack"], kind: "stack", effect: change.effect, changes: [change] }),
  );
  const byLines = new Map<string, Group>();
  for (const { tenant, kind, effect, changes } of tenants) {
    const key = [kind, ...changes.map((change) => `${change.effect} ${sentence(change)}`)].join("\n");
    const names = [...(byLines.get(key)?.names ?? []), tenant];
    byLines.set(key, { names, kind, effect, changes });
  }
  const all = [...own, ...byLines.values()];
  return all.sort((a, b) => effects.indexOf(b.effect) - effects.indexOf(a.effect));
}

/** `1 removed, 2 changed; 1 destroys or moves data, 1 interrupted`, or `no changes`. */
export function summary({ stack, tenants, refusals }: FleetChanges): string {
  if (stack.length === 0 && tenants.length === 0) return "no changes";
  const kinds = (["removed", "changed", "added"] as const).flatMap((kind) =>
    counted(tenants.filter((tenant) => tenant.kind === kind).length, `tenant ${kind}`, `tenants ${kind}`),
  );
  const of = (effect: Effect) => [...stack, ...tenants].filter((one) => one.effect === effect).length;
  const effect = [
    ...counted(refusals.length, "refused", "refused"),
    ...counted(of("destroys"), "destroys or moves data", "destroy or move data"),
    ...counted(of("interrupts"), "interrupts", "interrupt"),
  ];
  const own = counted(stack.length, "change of the stack itself", "changes of the stack itself");
  return [
    [...own, ...kinds].join(", "),
    effect.length === 0 ? "nothing is interrupted" : effect.join(", "),
  ].join("; ");
}

function counted(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}
