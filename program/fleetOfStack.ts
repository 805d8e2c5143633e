import * as pulumi from "@pulumi/pulumi";
import { isForTheAuthor, readPlacedFleet } from "../files/disk.ts";
import type { PlacedFleet } from "../files/load.ts";
import { stackConfiguration } from "./stackConfiguration.ts";

/**
 * The fleet of the stack that runs, read and checked as a whole before anything is touched. What is wrong with the files
 * becomes an error that Pulumi shows as it is; any other error is ours and keeps its stack trace. (Pulumi's own handler
 * for a missing configuration key takes 20 s of CPU.)
 *
 * @param project folder that holds the fleet's files
 */
export function fleetOfStack(project: string): PlacedFleet {
  try {
    return readPlacedFleet(project, stackConfiguration());
  } catch (error) {
    if (isForTheAuthor(error)) throw new pulumi.RunError(`\n${error.message}`);
    throw error;
  }
}
