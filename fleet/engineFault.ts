/** What a container engine has answered: its API version, or why there is no answer. */
export type EngineAnswer =
  | { readonly apiVersion: string }
  /** The system's name of what went wrong, `ENOENT`. */
  | { readonly code: string };

/** Docker 20.10: the oldest engine that the program was run on. */
const oldestApi = [1, 41] as const;

function isOld(apiVersion: string): boolean {
  const [major = 0, minor = 0] = apiVersion.split(".").map(Number);
  return major < oldestApi[0] || (major === oldestApi[0] && minor < oldestApi[1]);
}

/**
 * What keeps a host's engine from being used, with what to do; undefined when nothing does. The provider would
 * say it once per resource, in its own words.
 */
export function engineFault(host: string, address: string, answer: EngineAnswer): string | undefined {
  const engine = `host ${host}: the Docker engine at ${address}`;
  const elsewhere = `write another address under olympus:hosts.${host}`;
  if ("apiVersion" in answer) {
    return isOld(answer.apiVersion)
      ? `${engine} speaks API ${answer.apiVersion}; ${oldestApi.join(".")} (Docker 20.10) is the oldest that will do. ` +
          "Upgrade the engine."
      : undefined;
  }
  switch (answer.code) {
    case "ENOENT":
    case "ECONNREFUSED":
      return `host ${host}: no Docker engine answers at ${address}. Start it (sudo systemctl start docker), or ${elsewhere}.`;
    case "EACCES":
    case "EPERM":
      return (
        `host ${host}: no right to use the Docker engine at ${address}. ` +
        "Add yourself to its group (sudo usermod -aG docker $USER), log in again, and retry."
      );
    default:
      return `${engine} does not answer as one (${answer.code}). Restart it, or ${elsewhere}.`;
  }
}
