import type { LabHost } from "../../lab/hosts/host.ts";

/** Ends in good order when told to, as Postgres and the rest do. */
export const obedient = "trap 'exit 0' TERM; while :; do sleep 1 & wait $!; done";

/** Starts a container on a host that does nothing, and ends when it is told to. */
export function runObedient(
  host: LabHost,
  image: string,
  { name, restart }: { name: string; restart: string },
): Promise<string> {
  const options = [
    "--detach",
    "--name",
    name,
    "--restart",
    restart,
    "--network",
    "none",
    "--entrypoint",
    "sh",
  ];
  return host.run("docker", "run", ...options, image, "-c", obedient);
}

/** Names of the containers that run on a host. */
export function running(host: LabHost): Promise<string> {
  return host.run("docker", "ps", "--format", "{{.Names}}");
}
