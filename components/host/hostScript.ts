import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { foundVariable } from "../../fleet/drift/found.ts";

export interface HostScriptArgs {
  /**
   * A POSIX shell script. It travels on stdin, never in an argument: a failing command prints its command line,
   * and command lines are seen by everybody on the machine. A change of the text runs it again with `create`.
   */
  script: pulumi.Input<string>;
  /**
   * Also run the script that is in state with `delete` as `$1` when the resource goes.
   * @default false
   */
  onDelete?: boolean;
  /**
   * What was found on the host in the place of what the script makes: then it runs again, though its text is the
   * same. Undefined when that is as it should be or nobody knows; then what an earlier run has found stays, and
   * changes nothing.
   */
  found?: string | undefined;
}

/**
 * The seam between the program and a host: runs a shell script there, with the engine's CLI at hand. Today the
 * host is this machine; for `ssh://` hosts the same call makes a remote command.
 */
export interface HostShell {
  run(name: string, args: HostScriptArgs, opts: pulumi.CustomResourceOptions): command.local.Command;
}

/** Runs scripts on this machine, against the engine at `address` (`unix:///var/run/docker.sock`). */
export function localShell(address: string): HostShell {
  return {
    run: (name, { script, onDelete = false, found }, opts) =>
      new command.local.Command(
        name,
        {
          create: "sh -s create",
          ...(onDelete && { delete: "sh -s delete" }),
          stdin: script,
          environment: { DOCKER_HOST: address, ...(found && { [foundVariable]: found }) },
          // The error of a failed script repeats its output; shown twice it hides what happened.
          logging: command.local.Logging.None,
          addPreviousOutputInEnv: false,
        },
        found ? opts : { ...opts, ignoreChanges: [`environment.${foundVariable}`] },
      ),
  };
}
