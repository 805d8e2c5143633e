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
export const untilHealthy = (engine: EngineClient, seconds: number): Promise<void> =>
  untilNobody(engine, "not healthy", complaint, seconds);

/**
 * Waits until every service of ours has run for so many seconds, for an engine that checks no health (Podman without
 * systemd): one that Postgres was not ready for ends soon after a boot, and is started again.
 */
export const untilSteady = (engine: EngineClient, steadySeconds: number, seconds: number): Promise<void> =>
  untilNobody(
    engine,
    "not steady",
    (name, { HostConfig, State }) => {
      const isSteady =
        State.Status === "running" && Date.now() - Date.parse(State.StartedAt) >= steadySeconds * 1000;
      return HostConfig.RestartPolicy.Name === "no" || isSteady
        ? undefined
        : `${name}: ${State.Status} since ${State.StartedAt}`;
    },
    seconds,
  );

/** Waits until no container of ours has a complaint, and a service of ours is there. */
async function untilNobody(
  engine: EngineClient,
  what: string,
  complaintOf: typeof complaint,
  seconds: number,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const containers = await containersOf(engine);
    const complaints = [...containers]
      .map((entry) => complaintOf(...entry))
      .filter((one) => one !== undefined);
    const hasService = [...containers.values()].some(
      ({ HostConfig }) => HostConfig.RestartPolicy.Name !== "no",
    );
    if (hasService && complaints.length === 0) return;
    if (Date.now() > end)
      throw new Error(`${what} after ${seconds} s: ${complaints.join("; ") || "nothing there"}`);
    await sleep(500);
  }
}
