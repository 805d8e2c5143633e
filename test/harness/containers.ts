import { managedBy } from "../../fleet/names.ts";
import type { EngineClient } from "./engineClient.ts";

/** What tests look at of `docker inspect`; field names are the engine's. */
export interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly Pid: number;
    readonly StartedAt: string;
    readonly ExitCode: number;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: {
    readonly Image: string;
    readonly User: string;
    readonly Env: readonly string[];
    readonly Cmd: readonly string[] | null;
    readonly Labels: Readonly<Record<string, string>>;
    readonly Healthcheck?: { readonly Test: readonly string[]; readonly Interval: number };
  };
  readonly HostConfig: {
    readonly Binds: readonly string[] | null;
    readonly CapAdd: readonly string[] | null;
    readonly CapDrop: readonly string[] | null;
    readonly CpuShares: number;
    readonly Devices: readonly unknown[] | null;
    readonly IpcMode: string;
    readonly LogConfig: { readonly Type: string; readonly Config: Readonly<Record<string, string>> };
    readonly Memory: number;
    readonly MemorySwap: number;
    readonly NetworkMode: string;
    readonly PidMode: string;
    readonly PidsLimit: number | null;
    readonly PortBindings: Readonly<Record<string, unknown>> | null;
    readonly Privileged: boolean;
    readonly ReadonlyRootfs: boolean;
    readonly RestartPolicy: { readonly Name: string; readonly MaximumRetryCount: number };
    readonly SecurityOpt: readonly string[] | null;
    readonly Tmpfs: Readonly<Record<string, string>> | null;
    readonly UTSMode: string;
    readonly UsernsMode: string;
  };
  readonly Mounts: readonly {
    readonly Type: string;
    readonly Name?: string;
    readonly Destination: string;
    readonly RW: boolean;
  }[];
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, unknown>>;
    readonly Ports: Readonly<Record<string, unknown>> | null;
  };
}

const ours = `label=olympus-fleet.managed-by=${managedBy}`;

const words = (text: string) => text.split("\n").filter(Boolean);

/** Every container of the fleet and its host by name, as the engine has it, running or not. */
export async function containersOf(engine: EngineClient): Promise<ReadonlyMap<string, Inspected>> {
  const ids = words(await engine.docker("ps", "--all", "--quiet", "--no-trunc", "--filter", ours));
  if (ids.length === 0) return new Map();
  const inspected = JSON.parse(await engine.docker("inspect", ...ids)) as Inspected[];
  return new Map(inspected.map((container) => [container.Name.slice(1), container]));
}

/** Names of containers, running or not, networks or volumes of the fleet. */
export async function labelled(
  engine: EngineClient,
  what: "container" | "network" | "volume",
): Promise<string[]> {
  const how = what === "container" ? ["--all", "--format", "{{.Names}}"] : ["--format", "{{.Name}}"];
  return words(await engine.docker(what, "ls", "--filter", ours, ...how)).sort();
}

/** What the fleet's containers were made from, by reference. */
export async function imagesInUse(engine: EngineClient): Promise<string[]> {
  return words(await engine.docker("ps", "--all", "--no-trunc", "--filter", ours, "--format", "{{.Image}}"));
}

/**
 * What changes when somebody touches a container: it is another one, or it was started again. Equal before and
 * after means that anyone who used it noticed nothing.
 */
export async function lives(engine: EngineClient, owner = ""): Promise<Record<string, string>> {
  const containers = [...(await containersOf(engine))].filter(([name]) => name.startsWith(owner));
  return Object.fromEntries(
    containers.map(([name, { Id, RestartCount, State }]) => [
      name,
      `${Id} ${State.Status} since ${State.StartedAt}, ${RestartCount} restarts`,
    ]),
  );
}

/** Names of the site files in Caddy's configuration folder. */
export async function siteFiles(engine: EngineClient): Promise<string[]> {
  return words(await engine.docker("exec", "olympus-caddy", "ls", "/etc/caddy/sites")).sort();
}
