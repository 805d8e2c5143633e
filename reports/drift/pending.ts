import { foundVariable } from "../../backends/docker/found.ts";
import type { Owner, StackState } from "./state.ts";
import { nameOf, typeOf } from "./state.ts";
import type { Step } from "./steps.ts";

/** What the files say and no `up` has done yet. It is no drift: the hosts are as they were left. */
export interface Pending {
  readonly owner: Owner;
  /** Logical name of the resource. */
  readonly name: string;
  readonly what: "made" | "changed" | "replaced" | "removed";
  /** Names of the properties that differ; never a value. */
  readonly properties: readonly string[];
}

const ops: Readonly<Record<string, Pending["what"]>> = {
  create: "made",
  update: "changed",
  delete: "removed",
  replace: "replaced",
  "create-replacement": "replaced",
  "delete-replaced": "replaced",
};

/**
 * The steps of a preview without refresh, but for those that only mend what was found on a host. A tenant that comes
 * or goes is one.
 */
export function pending(steps: readonly Step[], state: StackState): Pending[] {
  const found = new Map<string, Pending>();
  for (const step of steps) {
    const what = ops[step.op];
    if (what === undefined || typeOf(step.urn) === "pulumi:pulumi:Stack" || isMend(step)) continue;
    const owner = state.ownerOf(step.urn, (step.newState ?? step.oldState)?.parent);
    const properties = (step.diffReasons ?? []).filter(
      (property) => property !== "environment" || hasOtherEnvironment(step),
    );
    const known = found.get(step.urn);
    found.set(step.urn, {
      owner,
      name: nameOf(step.urn),
      what,
      properties: [...new Set([...(known?.properties ?? []), ...properties])],
    });
  }
  const all = [...found.values()];
  const whole = all.filter(({ owner, name, what }) => name === owner.name && what !== "changed");
  return all.filter(
    (one) =>
      whole.includes(one) ||
      !whole.some(({ owner, what }) => sameOwner(owner, one.owner) && what === one.what),
  );
}

const sameOwner = (left: Owner, right: Owner) => left.kind === right.kind && left.name === right.name;

/** A Command that runs again for nothing but what was found in the place of what it makes. */
function isMend(step: Step): boolean {
  if (step.op !== "update" || hasOtherEnvironment(step)) return false;
  return (step.diffReasons ?? []).every((property) => property === "environment");
}

/** Whether an environment differs in more than what was found. */
function hasOtherEnvironment({ oldState, newState }: Step): boolean {
  return variables(oldState?.inputs.environment) !== variables(newState?.inputs.environment);
}

function variables(environment: unknown): string {
  const all = typeof environment === "object" && environment !== null ? Object.entries(environment) : [];
  const others = all.filter(([name]) => name !== foundVariable);
  return JSON.stringify(others.sort(([left], [right]) => (left < right ? -1 : 1)));
}
