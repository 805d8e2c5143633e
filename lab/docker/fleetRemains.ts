import { execa } from "execa";
import { managedBy } from "../../fleet/names.ts";

/** Containers take with them the volumes without a name that their images have asked for. */
const kinds = { container: ["--force", "--volumes"], network: [], volume: ["--force"] } as const;

/**
 * Removes everything of a fleet from an engine, with its data, whatever a stack's state knows of it: a run that was killed
 * leaves what no `pulumi destroy` finds. For engines of the lab's, where data may be thrown away.
 */
export async function removeFleet(dockerHost: string): Promise<void> {
  const docker = (...args: readonly string[]) => execa("docker", args, { env: { DOCKER_HOST: dockerHost } });
  for (const [kind, how] of Object.entries(kinds)) {
    const all = kind === "container" ? ["--all"] : [];
    const filter = `label=olympus-fleet.managed-by=${managedBy}`;
    const { stdout } = await docker(kind, "ls", "--quiet", ...all, "--filter", filter);
    const found = stdout.split("\n").filter(Boolean);
    if (found.length > 0) await docker(kind, "rm", ...how, ...found);
  }
}
