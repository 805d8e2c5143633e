import * as pulumi from "@pulumi/pulumi";
import { isPassed, type TenantStep } from "../components/docker/tenant/steps.ts";
import { type Changing, Progress } from "../fleet/progress.ts";

/** A tenant with which the run has work that takes its time. */
export interface Told extends Changing {
  /** Whose row of Pulumi's display it has, and what it comes through. */
  readonly stack: pulumi.Resource & { readonly steps: readonly TenantStep[] };
}

/**
 * Says, step by step, how far an `up` is with the tenants that it changes. Each message is on its tenant's row: on a terminal
 * in the column Info, elsewhere a line of its own. None is kept for the end of the run (`ephemeral`), where only what is to be
 * done about belongs. Of others nothing is asked, and in a preview nothing happens: docs/adr/0027.
 */
export function tellProgress(tenants: readonly Told[], clock: () => Date): void {
  if (pulumi.runtime.isDryRun() || tenants.length === 0) return;
  const progress = new Progress(tenants, clock());
  for (const one of tenants) follow(one, progress, clock);
}

/** One step after the other, since those of an edit that leaves them as they are come all at once. */
function follow({ tenant, ring, stack }: Told, progress: Progress, clock: () => Date): void {
  const of = stack.steps.length;
  let before = pulumi.output(true);
  for (const [index, step] of stack.steps.entries()) {
    before = pulumi.all([before, isPassed(step)]).apply(([hasCome, passes]) => {
      if (!hasCome) return false;
      if (!passes) {
        progress.leave(tenant);
        return false;
      }
      const words = progress.pass({ tenant, step: step.name, number: index + 1, of }, ring, clock());
      void pulumi.log.info(words, stack, undefined, true);
      return true;
    });
  }
}
