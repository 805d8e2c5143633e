import { createHash } from "node:crypto";
import type { Host, SshAccess } from "../../fleet/model.ts";
import { type EngineKind, engines } from "../engines.ts";
import { line, quote } from "../shell.ts";

/**
 * The one way to a host over SSH: the system's own `ssh`, with the same options for the Docker provider, host scripts
 * and the CLI (docs/adr/0007-one-ssh.md). Paths are relative to the project's folder, where Pulumi starts its plugins,
 * so that a state made on a laptop is the same on a pipeline.
 */
const configFile = "hosts/ssh/ssh_config";
const scriptRunner = "hosts/ssh/onHost.sh";

/** A host that is reached over SSH. */
export type SshHost = Host & { readonly ssh: SshAccess };

export const isSshHost = (host: Host): host is SshHost => host.ssh !== undefined;

/**
 * What the host is called in `ssh_config`, where it says which connections are its own. It differs with everything that
 * says whether a connection is to be trusted, so that a changed key or identity never rides on an open one.
 */
function alias({ ssh: { user, hostName, port, hostKey, identityFile = "" } }: SshHost): string {
  const trusted = JSON.stringify([user, hostName, port, hostKey, identityFile]);
  return `olympus-${createHash("sha256").update(trusted).digest("hex").slice(0, 10)}`;
}

/**
 * Options of `ssh` for a host. The pinned key is the only one accepted, whatever `known_hosts` or the user's
 * configuration says.
 */
function options(host: SshHost, purpose = ""): string[] {
  const { hostKey, identityFile } = host.ssh;
  const trust = [
    `HostKeyAlias=${alias(host)}${purpose}`,
    `KnownHostsCommand=/usr/bin/env echo %H ${hostKey}`,
    "StrictHostKeyChecking=yes",
    "UserKnownHostsFile=/dev/null",
    "GlobalKnownHostsFile=/dev/null",
    "NoHostAuthenticationForLocalhost=no",
    "VerifyHostKeyDNS=no",
    // Docker's library would set a time of its own.
    "ConnectTimeout=10",
    ...(identityFile === undefined ? [] : [`IdentityFile=${identityFile}`, "IdentitiesOnly=yes"]),
  ];
  return ["-F", configFile, ...trust.flatMap((option) => ["-o", option])];
}

/**
 * Arguments of `ssh` that lead to a host; a command can follow.
 *
 * @param purpose for connections that are shared with nobody else's, `-doctor`; default those of a run
 */
export function sshArguments(host: SshHost, purpose?: string): string[] {
  const { user, hostName, port } = host.ssh;
  const target = ["-T", "-l", user, "-p", String(port), "--", hostName];
  return [...options(host, purpose), ...target];
}

/** How the Docker provider reaches the engine of a host over SSH. */
export function dockerOverSsh(host: SshHost): { host: string; sshOpts: string[] } {
  const { user, hostName, port } = host.ssh;
  const name = hostName.includes(":") ? `[${hostName}]` : hostName;
  return { host: `ssh://${user}@${name}:${port}${engines[host.engine].socket}`, sshOpts: options(host) };
}

/** A script of a host as a command of this machine, which gets the script on stdin. */
export interface ScriptCommand {
  /**
   * @param action what the script finds as `$1`
   * @param library files with functions that go before it, by their paths in the project
   */
  readonly command: (action: "create" | "delete", library: readonly string[]) => string;
  readonly environment: Readonly<Record<string, string>>;
}

/** How a script gets to a host, and to its engine; paths are relative to the project's folder, where Pulumi starts its plugins. */
export const hostCommand = (host: Host): ScriptCommand =>
  isSshHost(host) ? scriptOverSsh(host) : localScript(host);

const localScript = (host: Host): ScriptCommand => ({
  command: (action, library) =>
    library.length === 0 ? `sh -s ${action}` : `${line("cat", ...library, "-")} | sh -s ${action}`,
  environment: { DOCKER_HOST: host.address },
});

/** Says in a script's environment whose it is. */
export const hostVariable = "OLYMPUS_HOST";

const scriptOverSsh = (host: SshHost): ScriptCommand => ({
  command: (action, library) => line("sh", scriptRunner, action, ...library),
  environment: { [hostVariable]: host.name, OLYMPUS_SSH: line(...sshArguments(host)) },
});

/**
 * A script as it travels to a host over SSH. There, nobody has said where the engine listens. And a connection that
 * breaks off would leave a shell with the beginning of a script, and it would run that: in braces, it is run whole or
 * not at all.
 */
export const wholeScript = (engine: EngineKind, script: string) =>
  `export DOCKER_HOST=${quote(`unix://${engines[engine].socket}`)}\n{\n${script}\n}\n`;
