import * as pulumi from "@pulumi/pulumi";
import { isForTheAuthor } from "../files/disk.ts";

/**
 * Runs `read` and turns what is wrong with the files into an error that Pulumi shows as it is. Any other error
 * is ours and keeps its stack trace. (Pulumi's own handler for a missing configuration key takes 20 s of CPU.)
 */
export function explained<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isForTheAuthor(error)) throw new pulumi.RunError(`\n${error.message}`);
    throw error;
  }
}
