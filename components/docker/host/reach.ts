import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

/**
 * What everything on a host over SSH depends on. While the host cannot be used it fails, with what there is to say
 * about it, and Pulumi leaves alone whatever depends on it: nothing of the host is touched, and nothing is taken for
 * unwanted. With `--continue-on-error` the other hosts go on. Otherwise it does nothing, and a run without a fault finds
 * it as it was, since a failed change leaves no trace in the state.
 *
 * @param fault what to say; undefined for a host that can be used
 */
export function createReach(
  name: string,
  fault: string | undefined,
  parent: pulumi.Resource,
): command.local.Command {
  const args = fault === undefined ? { create: "true" } : { create: "cat >&2; exit 1", stdin: fault };
  return new command.local.Command(
    `${name}-reach`,
    { ...args, logging: command.local.Logging.None, addPreviousOutputInEnv: false },
    { parent },
  );
}
