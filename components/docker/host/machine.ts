import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { HostFacts } from "../../../backends/docker/facts.ts";
import { shortImageName } from "../../../fleet/image.ts";
import type { Host as HostConfig } from "../../../fleet/model.ts";
import type { HostShell } from "./hostScript.ts";

/** Options of a resource of the host's engine. */
export interface ChildOptions {
  parent: pulumi.Resource;
  provider: docker.Provider;
  dependsOn: pulumi.Resource[];
}

/** A machine as what is put onto it needs it: its engine, its shell, its images. */
export interface Machine extends pulumi.Resource {
  readonly config: HostConfig;
  readonly facts: HostFacts | undefined;
  readonly shell: HostShell;
  /** Options of everything that lives on this host. */
  child(parent?: pulumi.Resource): ChildOptions;
  /** The image, pulled once per host. */
  image(reference: string): docker.RemoteImage;
}

/**
 * Pulls an image, for a host or one of its tenants. It stays on the host when nothing uses it any more, so that going back to the release before
 * needs no registry.
 */
export function pullImage(owner: string, reference: string, opts: ChildOptions): docker.RemoteImage {
  // In states of before it bears the whole reference. An alias makes nothing again.
  return new docker.RemoteImage(
    `${owner}-image-${shortImageName(reference)}`,
    { name: reference, keepLocally: true },
    { ...opts, aliases: [{ name: `${owner}-image-${reference}` }] },
  );
}
