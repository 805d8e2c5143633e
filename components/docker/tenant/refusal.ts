import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

/** Why nothing of a tenant may be touched. */
export interface Refusal {
  /** For the person at the terminal: what is wrong, and what to do. */
  readonly words: string;
  /** What is made first, so that one tenant's fault keeps no other one from its work. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * Fails with what there is to say, so that Pulumi leaves alone what depends on it: everything of the tenant. It is there
 * only in a run that refuses, and since it never succeeds it leaves no trace in the state.
 */
export function createStop(
  name: string,
  { words, after }: Refusal,
  parent: pulumi.Resource,
): command.local.Command {
  return new command.local.Command(
    `${name}-refused`,
    {
      create: "cat >&2; exit 1",
      stdin: words,
      logging: command.local.Logging.None,
      addPreviousOutputInEnv: false,
    },
    { parent, dependsOn: [...after] },
  );
}
