import { listed } from "../../fleet/listed.ts";
import { visible } from "../../fleet/visible.ts";
import { type EngineVersion, engines, engineVersion, isOlder, oldestEngines } from "../engines.ts";
import type { Printed } from "../run.ts";
import { fingerprint } from "./hostKey.ts";
import { type Reach, reachFailure } from "./reach.ts";
import type { SshHost } from "./ssh.ts";

/** What the version's script ends with where the Docker provider would find no command to call. */
const noDockerCommand = 3;

/**
 * Prints what a host's engine says about itself, by way of the engine's own command. The Docker provider calls docker
 * on every host over SSH, whatever its engine.
 */
export const versionScript = ({ engine }: SshHost) =>
  `command -v docker >/dev/null || [ ${engine} = docker ] || exit ${noDockerCommand}
${engines[engine].prelude}docker version --format '{{json .}}'
`;

/** Whether a script never ran, or was given up: ssh ends with 255 when it is ssh that has failed, and not the script. */
export const isUnreached = (code: Printed["code"]) => code === undefined || code === 255;

/**
 * What keeps a host over SSH from being used, and what to do; undefined when nothing does.
 *
 * @param printed what `versionScript` has printed there, or what ssh had to say
 */
export function sshFault(host: SshHost, { code, out, err }: Printed): string | undefined {
  const version = code === 0 ? printedVersion(out) : undefined;
  if (version !== undefined) return unfitEngine(host, version);
  if (err === "ENOENT") return wayFault(host, { kind: "no-client" });
  if (isUnreached(code)) return wayFault(host, reachFailure(err));
  return engineSilence(host, code, err);
}

/** What `docker version` has printed; the words of Podman's own command are others than Docker's. */
function printedVersion(json: string): EngineVersion | undefined {
  try {
    const { Client, Server } = JSON.parse(json);
    const { APIVersion, Version } = Server ?? Client ?? {};
    if (APIVersion === undefined) return engineVersion(Server);
    // Podman's command names its own API here. The other comes with it.
    return { kind: "podman", version: String(Version), apiVersion: oldestEngines.podman.api };
  } catch {
    return undefined;
  }
}

function unfitEngine({ name, engine }: SshHost, found: EngineVersion): string | undefined {
  const { kind, version, apiVersion } = found;
  const { title } = engines[kind];
  const least = oldestEngines[kind];
  if (kind !== engine) {
    return `its engine is ${title} ${version}, and olympus:hosts.${name} has ${engine}. Write engine: ${kind} there.`;
  }
  const oldest = `the oldest that will do is ${title} ${least.version} (API ${least.api}). Upgrade it.`;
  if (kind === "podman" && isOlder(version, least.version)) return `its engine is ${version}; ${oldest}`;
  return isOlder(apiVersion, least.api) ? `its engine speaks API ${apiVersion}; ${oldest}` : undefined;
}

function engineSilence({ engine, ssh }: SshHost, code: number, complaint: string): string {
  const { title, start } = engines[engine];
  if (code === noDockerCommand && engine === "podman") {
    return "it has no docker command, by which the Docker provider reaches Podman. Install podman-docker there.";
  }
  if (code === 127) return `${engine} is not on the PATH of ${ssh.user}. Install ${title} there.`;
  if (/permission denied/i.test(complaint)) {
    return `${ssh.user} has no right to use ${title}. On the host: sudo usermod -aG docker ${ssh.user}.`;
  }
  if (/Cannot connect|connection refused|no such file/i.test(complaint)) {
    return `${title} does not answer there. On the host: ${start}.`;
  }
  return `${title} does not answer as it should: ${lastLine(complaint)}`;
}

/** Why nobody could sign in, in a sentence or two. */
function wayFault({ name, ssh }: SshHost, reach: Reach): string {
  const { user, hostName, port, hostKey, identityFile } = ssh;
  const at = `olympus:hosts.${name}`;
  const onConsole = "cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub";
  switch (reach.kind) {
    case "no-client":
      return "there is no ssh command on this machine. Install OpenSSH's client, 8.5 or newer.";
    case "old-client":
      return "the ssh command of this machine is too old. Install OpenSSH's client, 8.5 or newer.";
    case "other-key":
      return (
        `it shows another key than ${at}.hostKey: ${reach.type} ${reach.fingerprint} in place of ` +
        `${fingerprint(hostKey)}. Nobody signed in. If the machine was made again, write what its own console ` +
        `prints for ${onConsole}; if not, somebody answers in its place.`
      );
    case "no-such-key":
      return (
        `it shows a key of type ${reach.offered}, and ${at}.hostKey is ${hostKey.split(" ")[0]}. Nobody signed in. ` +
        `Write what its own console prints for ${onConsole}.`
      );
    case "identity-file":
      return `the key ${identityFile ?? "to sign in with"} cannot be used (${reach.words || "its rights are too wide"}).`;
    case "denied":
      return [
        `Permission denied (${reach.methods}): ${user} may not sign in with ${identityFile ?? "a key of yours"}.`,
        ...(identityFile === undefined
          ? [`Give your key to the agent (ssh-add), or name it in ${at}.identityFile.`]
          : []),
        `The host must have its public half in ${user}'s authorized_keys.`,
      ].join(" ");
    case "too-many-keys":
      return `the agent offered more keys than it looks at. Name the right one in ${at}.identityFile.`;
    case "name":
      return `the name ${hostName} has no address.`;
    case "refused":
      return `nothing listens at port ${port} (Connection refused).`;
    case "silent":
      return "it does not answer in time. It is down, or a firewall swallows what is sent.";
    case "unroutable":
      return `this machine knows no way to it (${reach.words}). Is a VPN off?`;
    case "dropped":
      return "it closes the connection at once: sshd has too many half-open ones, or is not sshd.";
    default:
      return reach.kind === "failed" && reach.words !== "" ? reach.words : "ssh failed without a word.";
  }
}

/**
 * What an `up` says about a host that cannot be used, once for all that lives there.
 *
 * @param tenants names of the host's tenants
 */
export function unreached({ name, ssh }: SshHost, tenants: readonly string[], fault: string): string {
  const { user, hostName, port } = ssh;
  const address = `ssh://${user}@${hostName}${port === 22 ? "" : `:${port}`}`;
  const stays = tenants.length === 1 ? "stays as it is" : "stay as they are";
  const untouched = tenants.length === 0 ? "." : `: ${listed(tenants, 5)} ${stays}.`;
  return [
    `host ${name} (${address}) cannot be used: ${visible(fault)}`,
    `Nothing on it was touched${untouched} Once it is back, pulumi up finishes; until then,`,
    `pulumi up --continue-on-error does the other hosts. npm run fleet -- doctor ${name} looks closer.`,
  ].join("\n");
}

const lastLine = (text: string) => text.trim().split("\n").at(-1)?.trim() ?? "";
