import * as pulumi from "@pulumi/pulumi";
import type { KnownResource } from "../backends/docker/known.ts";

/** What the engine's own provider answers; names as it has them. */
interface ResourceOutputs {
  readonly outputs: Readonly<
    Record<string, { readonly type: string; readonly outputs: Readonly<Record<string, unknown>> }>
  >;
}

/**
 * What the stack's own state knows, as the last run has left it: what a run that was killed has made and not written
 * down is not in it. A refresh of the same run comes before, so what that has found to be gone is not in it either.
 *
 * Undefined where there is none yet. A preview cannot always tell: the engine would break at a state that is empty, so
 * a preview asks only where a run has come to its end before.
 */
export async function knownStack(): Promise<readonly KnownResource[] | undefined> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  if (pulumi.runtime.isDryRun()) {
    const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
    if (Object.keys(outputs ?? {}).length === 0) return undefined;
  } else {
    await isStateWritten();
  }
  const told: ResourceOutputs = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
    stackName: name,
  });
  return Object.entries(told.outputs).map(([urn, { type, outputs }]) => ({
    name: urn.split("::").slice(3).join("::"),
    type,
    outputs,
  }));
}

/** The stack is a resource too, and the first: when it has its name, there is a state. */
function isStateWritten(): Promise<void> {
  return new Promise((resolve) => {
    const stack = pulumi.runtime.getStackResource();
    if (stack === undefined) resolve();
    else stack.urn.apply(() => resolve());
  });
}
