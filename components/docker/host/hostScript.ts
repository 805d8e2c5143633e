import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { foundVariable } from "../../../backends/docker/found.ts";
import type { Host } from "../../../fleet/model.ts";
import { hostCommand, isSshHost, wholeScript } from "../../../hosts/ssh/ssh.ts";

/**
 * A script that a resource runs on its host.
 *
 * @example
 * ```ts
 * host.shell.run("acme-vhost", { script: publishScript(caddy, "sites/acme.caddy", content, "remove"), onDelete: true }, opts);
 * ```
 */
export interface HostScriptArgs {
  /**
   * A POSIX shell script. It travels on stdin, never in an argument: a failing command prints its command line,
   * and command lines are seen by everybody on the machine. A change of the text runs it again with `create`.
   */
  script: pulumi.Input<string>;
  /**
   * Files with shell functions that travel before the script, by their paths in the project. They are no part of the
   * resource: a change of them runs nothing again, and the state does not hold them once per resource.
   * @default none
   */
  library?: readonly string[];
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

/** The seam between the program and a host: runs a shell script there, with the engine's CLI at hand. */
export interface HostShell {
  run(name: string, args: HostScriptArgs, opts: pulumi.CustomResourceOptions): command.local.Command;
}

/** Runs scripts on a host, against its engine. Those of a host over SSH are commands of this machine, too. */
export function hostShell(host: Host): HostShell {
  const { command: line, environment } = hostCommand(host);
  return {
    run: (name, { script, library = [], onDelete = false, found }, opts) =>
      new command.local.Command(
        name,
        {
          create: line("create", library),
          ...(onDelete && { delete: line("delete", library) }),
          stdin: isSshHost(host)
            ? pulumi.output(script).apply((text) => wholeScript(host.engine, text))
            : script,
          environment: { ...environment, ...(found && { [foundVariable]: found }) },
          // The error of a failed script repeats its output; shown twice it hides what happened.
          logging: command.local.Logging.None,
          addPreviousOutputInEnv: false,
        },
        found
          ? opts
          : { ...opts, ignoreChanges: [...(opts.ignoreChanges ?? []), `environment.${foundVariable}`] },
      ),
  };
}
