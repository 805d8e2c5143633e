import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { type GateScript, type GateService, gateLibrary, gateScript } from "../../../backends/docker/gate.ts";
import type { TestFleet } from "../../harness/testFleet.ts";

/** A container of the engine as a gate waits for it. */
export async function serviceOf(
  fleet: TestFleet,
  name: string,
  health: readonly string[],
): Promise<GateService> {
  const format = "{{.Id}}{{range $network, $_ := .NetworkSettings.Networks}} {{$network}}{{end}}";
  const [id = "", ...networks] = (await fleet.docker("inspect", "--format", format, name)).trim().split(" ");
  const memberships = networks.map((network) => ({ network }));
  return { name, id, health, prepare: [], proof: [], pidsLimit: 200, memberships };
}

/** Runs a script as Pulumi runs it for a host of this machine. */
export async function runHere(fleet: TestFleet, script: string) {
  const child = spawn("sh", ["-s", "create"], {
    env: { ...process.env, DOCKER_HOST: fleet.dockerHost },
    stdio: "pipe",
  });
  child.stdin.end(script);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { exitCode: child.exitCode, stdout, stderr };
}

/** A gate of a fleet that is up, with limits that a test can wait for. */
export async function passGate(fleet: TestFleet, gate: Partial<GateScript>) {
  const script = gateScript({
    gate: "ready",
    await: [],
    run: [],
    watch: [],
    timeoutSeconds: 60,
    stepSeconds: 5,
    ...gate,
  });
  const library = gateLibrary.map((path) => readFileSync(path, "utf8"));
  const { exitCode, stderr } = await runHere(fleet, [...library, script].join(""));
  return { exitCode, stderr };
}
