import { down } from "./demo/down.ts";
import { demoOptions } from "./demo/options.ts";
import { up } from "./demo/up.ts";
import { LabError } from "./progress.ts";

try {
  const options = demoOptions(process.argv.slice(2));
  await (options.action === "up" ? up(options) : down());
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exit(1); // also what is still being built beside it
}
