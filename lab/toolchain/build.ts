/** `npx tsx lab/toolchain/build.ts`: makes sure that there is a Pulumi engine, and prints how to use it as JSON. */
import { LabError, say } from "../progress.ts";
import { ensurePulumi } from "./pulumi.ts";

try {
  process.stdout.write(`${JSON.stringify(await ensurePulumi(), null, 2)}\n`);
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
