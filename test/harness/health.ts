import { setTimeout as sleep } from "node:timers/promises";
import { containersOf, type Inspected } from "./containers.ts";
import type { EngineClient } from "./engineClient.ts";

/** What is not as it should be: a service that does not run or is not healthy, a one-off step that is up again. */
function complaint(name: string, { HostConfig, State }: Inspected): string | undefined {
  if (HostConfig.RestartPolicy.Name === "no") {
    return State.Status === "exited" && State.ExitCode === 0 ? undefined : `${name}: ${State.Status}`;
  }
  const health = State.Health?.Status ?? "not checked";
  return State.Status === "running" && health === "healthy"
    ? undefined
    : `${name}: ${State.Status}, ${health}`;
}

/** Waits until every container of ours on an engine is as it should be; the error says which are not. */
export async function untilHealthy(engine: EngineClient, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const containers = await containersOf(engine);
    const complaints = [...containers]
      .map((entry) => complaint(...entry))
      .filter((what) => what !== undefined);
    if (containers.size > 0 && complaints.length === 0) return;
    if (Date.now() > end)
      throw new Error(`not healthy after ${seconds} s: ${complaints.join("; ") || "nothing there"}`);
    await sleep(500);
  }
}

/**
 * Waits until every service of ours has run for so many seconds, for an engine that checks no health (Podman without
 * systemd): one that Postgres was not ready for ends soon after a boot, and is started again.
 */
export async function untilSteady(
  engine: EngineClient,
  steadySeconds: number,
  seconds: number,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const services = [...(await containersOf(engine))].filter(
      ([, { HostConfig }]) => HostConfig.RestartPolicy.Name !== "no",
    );
    const young = services.filter(
      ([, { State }]) =>
        State.Status !== "running" || Date.now() - Date.parse(State.StartedAt) < steadySeconds * 1000,
    );
    if (services.length > 0 && young.length === 0) return;
    if (Date.now() > end) {
      const states = young.map(([name, { State }]) => `${name}: ${State.Status} since ${State.StartedAt}`);
      throw new Error(`not steady after ${seconds} s: ${states.join("; ") || "nothing there"}`);
    }
    await sleep(500);
  }
}
