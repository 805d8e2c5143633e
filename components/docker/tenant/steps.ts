import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { StepName } from "../../../fleet/progress.ts";
import { areThere, type Reached } from "../../reached.ts";

/** A container, and the image that it is planned with. */
export interface Planned {
  readonly resource: Pick<docker.Container, "id" | "image">;
  readonly image: string;
}

/** What a tenant comes through while it is made, changed or closed. Plain data: nobody waits for it who does not ask. */
export interface TenantStep {
  readonly name: StepName;
  /** There once the step is done. */
  readonly once: readonly Reached[];
  /** What it has looked at. Default: no container. */
  readonly containers?: readonly Planned[];
}

/** Whether containers are of the images that are planned: not where Pulumi was told to leave them alone (`--target`). */
export const areAsPlanned = (containers: readonly Planned[]): pulumi.Output<boolean> =>
  pulumi
    .all(containers.map(({ resource }) => resource.image))
    .apply((images) => containers.every(({ image }, index) => images[index] === image));

/**
 * Whether a tenant has come through a step, once that is decided. Where something fails, Pulumi ends the run and it never
 * is; with `--continue-on-error` it is, and has not.
 */
export const isPassed = ({ once, containers = [] }: TenantStep): pulumi.Output<boolean> =>
  areThere([...once, ...containers.map(({ resource }) => resource)]).apply((are) =>
    are ? areAsPlanned(containers) : pulumi.output(false),
  );
