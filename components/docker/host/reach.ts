import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { type Leftover, removalScript } from "../../../backends/docker/leftovers.ts";
import { reachName } from "../../../backends/docker/names.ts";
import type { Host as HostConfig } from "../../../fleet/model.ts";
import { hostCommand } from "../../../hosts/ssh/ssh.ts";
import type { HostShell } from "./hostScript.ts";

export interface ReachArgs {
  readonly config: HostConfig;
  readonly shell: HostShell;
  /** Why nothing on the host may be touched. Default: it may. */
  readonly fault: string | undefined;
  /** What a run that was killed has left there. Default: nothing. */
  readonly leftovers: readonly Leftover[] | undefined;
}

/**
 * What everything on a host depends on. It is the first thing that a stack makes there, so its being in the state says
 * that the host is this stack's.
 *
 * While the host cannot be used it fails, with what there is to say about it, and Pulumi leaves alone whatever depends on
 * it: nothing of the host is touched, and nothing is taken for unwanted. With `--continue-on-error` the other hosts go
 * on. A run without a fault finds it as it was, since a failed change leaves no trace in the state.
 *
 * Where a run that was killed has left something, it removes that. Otherwise its script is as it was, and does not run.
 */
export function createReach(
  name: string,
  { config, shell, fault, leftovers = [] }: ReachArgs,
  parent: pulumi.Resource,
): command.local.Command {
  if (fault === undefined) {
    const ignoreChanges = leftovers.length > 0 ? [] : ["stdin"];
    return shell.run(reachName(name), { script: removalScript(leftovers) }, { parent, ignoreChanges });
  }
  return new command.local.Command(
    reachName(name),
    {
      create: "cat >&2; exit 1",
      stdin: fault,
      environment: hostCommand(config).environment,
      logging: command.local.Logging.None,
      addPreviousOutputInEnv: false,
    },
    { parent },
  );
}
