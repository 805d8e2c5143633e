/**
 * Turns what the socket, the docker CLI and dockerd say into lines for people, each with the remedy.
 * Pure, so that every message can be tested without an engine.
 */

/** 20.10: the oldest engine that the lab was run on (compose-free, `--internal` networks, pids limits). */
export const OLDEST_API = "1.41";

/** Negative when `a` is the older version. Compares numbers, so that 1.9 is older than 1.41. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Why nothing useful can be had from a socket: `absent` may be cured by starting an engine, the rest not. */
export type SocketFault = { kind: "absent" } | { kind: "refused"; message: string };

/** @param code Node's error code of the connection, such as `EACCES`. */
export function socketFault(host: string, code: string): SocketFault {
  switch (code) {
    // ECONNREFUSED: the file is left from an engine that ended without tidying up.
    case "ENOENT":
    case "ECONNREFUSED":
      return { kind: "absent" };
    case "EACCES":
    case "EPERM":
      return {
        kind: "refused",
        message:
          `No right to use the Docker engine at ${host}. ` +
          `Add yourself to its group (sudo usermod -aG docker $USER), log in again, and retry.`,
      };
    default:
      return {
        kind: "refused",
        message: `The Docker engine at ${host} does not answer (${code}). Restart it, or point DOCKER_HOST elsewhere.`,
      };
  }
}

/** The lab mounts, pings and measures through the socket, so an engine elsewhere is of no use to it. */
export function hostFault(host: string): string | undefined {
  if (host.startsWith("unix:///")) return undefined;
  return (
    `The lab needs a Docker engine on this machine, reached by a unix socket; the current one is ${host}. ` +
    `Set DOCKER_HOST=unix:///var/run/docker.sock, or choose another context with: docker context use default`
  );
}

export function apiFault(host: string, apiVersion: string): string | undefined {
  if (compareVersions(apiVersion, OLDEST_API) >= 0) return undefined;
  return (
    `The Docker engine at ${host} speaks API ${apiVersion}; the lab needs ${OLDEST_API} (Docker 20.10) or newer. ` +
    `Upgrade the engine (Debian, Ubuntu: sudo apt-get install docker.io).`
  );
}

/** @param stderr of `docker version` against an engine that answers on its socket. */
export function clientFault(stderr: string, engineApi: string): string {
  const [line = "no message"] = stderr.trim().split("\n");
  if (/client version \S+ is too (new|old)|minimum supported API version|newer than server/i.test(stderr)) {
    return (
      `The docker command and the engine have no API version in common (engine: ${engineApi}): ${line} ` +
      `If DOCKER_API_VERSION is set, unset it; else install a docker command of the engine's age (docker.io's own).`
    );
  }
  return `The docker command cannot use the engine: ${line} Run "docker version" and repair what it reports.`;
}

/** @param log what dockerd wrote; only its end is shown. */
export function startFault(log: string, logFile: string): string {
  const end = log.trim().split("\n").slice(-6);
  const remedy = [
    [
      /iptables|nf_tables|nat table/i,
      "The kernel or the iptables package does not fit: apt-get install iptables",
    ],
    [/pid file found/i, "Another dockerd ran here: end it, or delete the pid file named above"],
    [/no space left/i, "The disk is full: free some space below /var/lib/docker"],
    [
      /operation not permitted|permission denied/i,
      "This machine forbids it (a container without privileges?)",
    ],
    [/cgroup/i, "Mount the cgroup controllers that are named above"],
  ].find(([pattern]) => (pattern as RegExp).test(end.join("\n")))?.[1];
  return [
    `dockerd did not come up. The end of ${logFile}:`,
    ...end.map((line) => `  ${line.slice(0, 300)}`),
    `${remedy ?? "Start an engine yourself and set DOCKER_HOST"}, then retry.`,
  ].join("\n");
}

/** A place that somebody chose is theirs to fill: the lab starts an engine only at the usual socket. */
export const noEngineAt = (host: string) =>
  `DOCKER_HOST, or the docker command's current context, names ${host}, but no engine answers there. ` +
  "Start that engine, or go back to the usual socket with: unset DOCKER_HOST; docker context use default";

export const NO_ENGINE_NOT_ROOT =
  "No Docker engine answers, and only root can start one. Start Docker (sudo systemctl start docker), " +
  "set DOCKER_HOST to an engine's unix socket, or run this as root.";

export const NO_ENGINE_NO_APT =
  "No Docker engine answers, dockerd is not installed, and this is neither Debian nor Ubuntu. " +
  "Install and start Docker 20.10 or newer, then retry.";
