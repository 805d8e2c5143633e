import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { EngineKind } from "../../../hosts/engines.ts";
import { containerOptions } from "../hardened.ts";
import { podmanContainer, podmanNetworkOptions } from "./podman.ts";

/** A container's declaration, with plain values where engines differ. */
export interface ContainerDeclaration extends docker.ContainerArgs {
  readonly capabilities: { readonly drops: string[]; readonly adds?: string[] };
  readonly ipcMode: string;
  readonly logOpts: Readonly<Record<string, string>>;
  readonly securityOpts: string[];
  readonly tmpfs: Readonly<Record<string, string>>;
  readonly labels: { readonly label: string; readonly value: string }[];
  /** Names of the network's other containers with their fixed addresses. Default: it needs to know none. */
  readonly neighbours?: Readonly<Record<string, string>>;
}

/** A declaration as one engine takes it, with what Pulumi must know about its answers. */
export interface EngineContainer {
  readonly args: docker.ContainerArgs;
  readonly ignoreChanges: string[];
  readonly replaceOnChanges: string[];
}

/** Docker tells containers each other's names by itself. */
const dockerContainer = ({ neighbours: _, ...args }: ContainerDeclaration): EngineContainer => ({
  args,
  ignoreChanges: [],
  replaceOnChanges: [],
});

/**
 * A container on a host with that engine. The old one goes before a new one comes, because the name is fixed.
 * Podman's peculiarities are in podman.ts, and nowhere else.
 */
export function engineContainer(
  name: string,
  engine: EngineKind,
  declared: ContainerDeclaration,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const { args, ignoreChanges, replaceOnChanges } = (engine === "podman" ? podmanContainer : dockerContainer)(
    declared,
  );
  return new docker.Container(name, args, {
    ...opts,
    ...containerOptions,
    replaceOnChanges: [...containerOptions.replaceOnChanges, ...replaceOnChanges],
    ignoreChanges,
  });
}

/** A network on a host with that engine. */
export function engineNetwork(
  name: string,
  engine: EngineKind,
  args: docker.NetworkArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Network {
  return new docker.Network(name, args, { ...opts, ...(engine === "podman" && podmanNetworkOptions) });
}
