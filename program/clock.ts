import process from "node:process";
import * as pulumi from "@pulumi/pulumi";

/**
 * What time it is for rings: their windows and bakes. `OLYMPUS_FLEET_NOW` (ISO 8601) says another one, for whoever wants to
 * see what a run would do then, and for tests. What a run notes in the state bears that time, too.
 *
 * @throws Error where that is no time
 */
export function clock(): Date {
  const written = process.env.OLYMPUS_FLEET_NOW;
  if (written === undefined || written === "") return new Date();
  const time = new Date(written);
  if (Number.isNaN(time.getTime())) {
    throw new Error(`OLYMPUS_FLEET_NOW=${written} is no time. Write 2026-11-29T02:00:00Z, for example.`);
  }
  return time;
}

/** Warns in an `up` with another time: windows open and bakes end by it, and the state keeps it. */
export async function warnOfClock(): Promise<void> {
  const { OLYMPUS_FLEET_NOW: written = "" } = process.env;
  if (written === "" || pulumi.runtime.isDryRun()) return;
  await pulumi.log.warn(
    `OLYMPUS_FLEET_NOW=${written}: rings take this for the time, so releases may go on before their bake is over or outside ` +
      "their window, and the state keeps it. Unset it, unless this is a test.",
  );
}

/**
 * What time it is for what deletes data: in an `up` never another than it is. Only a preview tells what a run would do at the
 * time of rings.
 *
 * @param forRings what that is
 */
export const deletionClock = (forRings: Date): Date => (pulumi.runtime.isDryRun() ? forRings : wallClock());

/** What time it really is: how long something takes does not depend on what rings take for the time. */
export const wallClock = (): Date => new Date();
