import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureRegistry, registryDir } from "../docker/registry.ts";
import { LabError } from "../progress.ts";
import type { Machine } from "./machine.ts";

const PROGRAM = join(import.meta.dirname, "../docker/registryProcess.ts");

/**
 * Serves the lab's images on a lab host's own loopback, at the address that they have on this machine: one
 * reference, digest and all, then means the same image everywhere, and no engine has to trust anybody more.
 */
export async function startRegistry(machine: Machine): Promise<void> {
  const { address } = await ensureRegistry();
  const [host = "", port = ""] = address.split(":");
  const command = [process.execPath, "--import", "tsx", PROGRAM, registryDir, host, port, machine.name];
  const registry = await machine.startBeside("registry", command);
  const connect = ["bash", "-c", `exec 3<>/dev/tcp/${host}/${port}`];
  for (let tenths = 0; tenths < 200; tenths++) {
    if ((await machine.tryRun(...connect)).exitCode === 0) return;
    if (registry.hasEnded()) break;
    await sleep(100);
  }
  throw new LabError(
    `The image registry of lab host ${machine.name} did not come up. ${await registry.complaint()}`,
  );
}
