import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { foundContainers } from "../../../backends/docker/found.ts";
import { type GateService, gateLibrary, gateScript } from "../../../backends/docker/gate.ts";
import { type DockerTenant, type DockerWorkload, memberships } from "../../../backends/docker/tenant.ts";
import { physicalName } from "../../../fleet/names.ts";
import type { Part } from "../../../fleet/tenant/parts.ts";
import type { Gate, GateName } from "../../../fleet/tenant/workload.ts";
import type { ChildOptions } from "../host/machine.ts";
import { type ContainerContext, createContainer } from "./container.ts";
import { areAsPlanned, type Planned, type TenantStep } from "./steps.ts";

type Container = { readonly workload: DockerWorkload; readonly resource: docker.Container };

const planned = ({ workload, resource }: Container): Planned => ({ resource, image: workload.image });

/** What a gate needs to know of containers, once the engine has given them ids. */
function gateContainers(plan: DockerTenant, containers: readonly Container[]): pulumi.Output<GateService[]> {
  return pulumi.all(
    containers.map(({ workload, resource }) =>
      resource.id.apply((id) => ({
        name: physicalName(plan.tenant, workload.part),
        id,
        health: workload.health ?? [],
        prepare: workload.prepare ?? [],
        proof: workload.proof ?? [],
        pidsLimit: workload.pidsLimit,
        memberships: memberships(plan, workload),
      })),
    ),
  );
}

/** What a tenant's workloads are made of, as far as others ask for it. */
export interface Workloads {
  /** The last gate: who depends on it knows that the tenant answers. None for a tenant of which nothing runs. */
  readonly ready: readonly pulumi.Resource[];
  /** Whether its containers are of the images that are planned: not where Pulumi was told to leave them alone. */
  readonly isAsPlanned: pulumi.Output<boolean>;
  /** Its gates, in their order. */
  readonly steps: readonly TenantStep[];
}

/**
 * All containers of a tenant and the gates between them, in the plan's order: a workload that comes after a
 * gate is not even made before the gate has been passed.
 */
export function createWorkloads(context: ContainerContext, opts: ChildOptions): Workloads {
  const { plan, host } = context;
  const containers = new Map<Part, Container>();
  const gates = new Map<GateName, pulumi.Resource>();
  const passedSteps: TenantStep[] = [];
  const known = (parts: readonly Part[]) =>
    parts.flatMap((part) => {
      const container = containers.get(part);
      return container ? [container] : [];
    });

  const declare = (after: GateName | undefined) => {
    const passed = after && gates.get(after);
    for (const workload of plan.workloads.filter((candidate) => candidate.after === after)) {
      const resource = createContainer(workload, context, opts, passed ? [passed] : []);
      containers.set(workload.part, { workload, resource });
    }
  };
  const pass = (gate: Gate) => {
    const [services, steps, watched] = [known(gate.await), known(gate.run), known(gate.watch)];
    const early = known(gate.first ?? []);
    const script = pulumi
      .all([services, early, steps, watched].map((some) => gateContainers(plan, some)))
      .apply(([wanted = [], first = [], run = [], watch = []]) =>
        gateScript({
          gate: gate.name,
          await: wanted,
          first,
          run,
          watch,
          probe: gate.probe && {
            prefix: physicalName(plan.tenant, ""),
            container: physicalName(plan.tenant, gate.probe.in),
            command: gate.probe.command,
          },
          dump: gate.dump && {
            ...gate.dump,
            container: physicalName(plan.tenant, gate.dump.in),
            before: gate.dump.before.map(([step, service]) => [
              physicalName(plan.tenant, step),
              physicalName(plan.tenant, service),
            ]),
          },
          last: gate.last && {
            container: physicalName(plan.tenant, gate.last.in),
            command: gate.last.command,
          },
          timeoutSeconds: gate.timeoutSeconds,
          stepSeconds: gate.stepSeconds,
        }),
      );
    const name = physicalName(plan.tenant, `gate-${gate.name}`);
    const looked = [...new Set([...services, ...early, ...steps, ...watched])];
    const dependsOn = looked.map(({ resource }) => resource);
    const found = foundContainers(
      host.facts,
      [...services, ...early, ...steps].map(({ workload }) => ({
        name: physicalName(plan.tenant, workload.part),
        kind: workload.kind,
        networks: memberships(plan, workload).map(({ network }) => network),
      })),
    );
    const passed = host.shell.run(
      name,
      { script, library: gateLibrary, found },
      { parent: opts.parent, dependsOn },
    );
    gates.set(gate.name, passed);
    passedSteps.push({ name: gate.name, once: [passed], containers: looked.map(planned) });
  };

  declare(undefined);
  for (const gate of plan.gates) {
    pass(gate);
    declare(gate.name);
  }
  const last = plan.gates.at(-1);
  const passed = last && gates.get(last.name);
  const isAsPlanned = areAsPlanned([...containers.values()].map(planned));
  return { ready: passed ? [passed] : [], isAsPlanned, steps: passedSteps };
}
