import { execa } from "execa";
import { managedBy } from "../../fleet/names.ts";
import type { FleetStack } from "./fleetStack.ts";

/** What a run was about to make when it was killed, as Pulumi's state remembers it. */
interface PendingOperation {
  readonly type: string;
  readonly resource: { readonly type: string; readonly inputs?: Readonly<Record<string, unknown>> };
}

interface State {
  readonly deployment: {
    readonly pending_operations?: readonly PendingOperation[];
    readonly resources?: readonly { readonly id?: string }[];
  };
}

const kinds: Readonly<Record<string, "container" | "network">> = {
  "docker:index/container:Container": "container",
  "docker:index/network:Network": "network",
};

/** Containers and networks that may exist on the engine without standing in the state. */
export function halfMade({ deployment }: State): { kind: "container" | "network"; name: string }[] {
  return (deployment.pending_operations ?? []).flatMap(({ type, resource }) => {
    const kind = kinds[resource.type];
    const name = resource.inputs?.name;
    return type === "creating" && kind !== undefined && typeof name === "string" ? [{ kind, name }] : [];
  });
}

/**
 * Tidies up after a run that was killed, so that the next one can finish its work. Pulumi does not know whether
 * what it was making has come to be, and would make it again under a name that is taken. Containers and networks
 * of that kind are removed: they were seconds old. Volumes need nothing, since making one twice is making it once.
 *
 * @returns what was removed, by name
 */
export async function tidyInterrupted(stack: FleetStack, dockerHost: string): Promise<string[]> {
  const text = await stack.state();
  const state = JSON.parse(text) as State;
  if ((state.deployment.pending_operations ?? []).length === 0) return [];

  const docker = (...args: string[]) =>
    execa("docker", args, { env: { DOCKER_HOST: dockerHost }, reject: false });
  const known = new Set((state.deployment.resources ?? []).map(({ id }) => id));
  const removed: string[] = [];
  for (const { kind, name } of halfMade(state)) {
    const labels = kind === "container" ? ".Config.Labels" : ".Labels";
    const format = `{{.Id}} {{index ${labels} "olympus-fleet.managed-by"}}`;
    const [id, owner] = (await docker(kind, "inspect", "--format", format, name)).stdout.trim().split(" ");
    // Another's container of that name is left for Pulumi to complain about.
    if (owner !== managedBy || known.has(id)) continue;
    const { exitCode } = await docker(kind, "rm", ...(kind === "container" ? ["--force"] : []), name);
    if (exitCode === 0) removed.push(name);
  }
  // Importing a state drops its pending operations, which is how Pulumi wants them answered.
  await stack.importState(text);
  return removed;
}
