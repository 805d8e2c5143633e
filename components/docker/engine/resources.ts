import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { EngineKind } from "../../../hosts/engines.ts";
import { containerOptions } from "../hardened.ts";
import type { ContainerDeclaration, EngineContainer } from "./declaration.ts";
import { podmanContainer, podmanNetworkOptions } from "./podman.ts";

/**
 * Docker tells containers each other's names by itself. No label is reason enough for a new container, so they are given
 * when it is made: those of before this was so have one more, with the name of a release, and stay.
 */
const dockerContainer = ({ neighbours: _, ...args }: ContainerDeclaration): EngineContainer => ({
  args,
  ignoreChanges: ["labels"],
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

/**
 * A network on a host with that engine. Another label would force a new one, and with it a new container for each part of
 * the tenant, so labels are given when it is made and ignored from then on.
 */
export function engineNetwork(
  name: string,
  engine: EngineKind,
  args: docker.NetworkArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Network {
  const ignoreChanges = ["labels", ...(engine === "podman" ? podmanNetworkOptions.ignoreChanges : [])];
  return new docker.Network(name, args, { ...opts, ignoreChanges });
}
