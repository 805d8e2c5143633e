import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

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
    run: (name, { script, onDelete = false }, opts) =>
      new command.local.Command(
        name,
        {
          create: "sh -s create",
          ...(onDelete && { delete: "sh -s delete" }),
          stdin: script,
          environment: { DOCKER_HOST: address },
          // The error of a failed script repeats its output; shown twice it hides what happened.
          logging: command.local.Logging.None,
          addPreviousOutputInEnv: false,
        },
        opts,
      ),
  };
}
