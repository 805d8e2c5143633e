import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { LabError } from "../progress.ts";
import type { BackgroundProcess } from "./background.ts";

const START_SECONDS = 60;

/** Waits until an engine that has just been started answers the docker command; else says why it does not. */
export async function untilAnswering(
  hostName: string,
  address: string,
  daemon: BackgroundProcess,
): Promise<void> {
  for (let tenths = 0; tenths < START_SECONDS * 10; tenths++) {
    const asked = await execa("docker", ["version"], { env: { DOCKER_HOST: address }, reject: false });
    if (asked.exitCode === 0) return;
    if (daemon.hasEnded()) break;
    await sleep(100);
  }
  throw new LabError(`The engine of lab host ${hostName} did not come up. ${await daemon.complaint()}`);
}
