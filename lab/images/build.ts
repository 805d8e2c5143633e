import { ensureDocker } from "../docker/engine.ts";
import { ensureRegistry } from "../docker/registry.ts";
import { LabError, say } from "../progress.ts";
import { ensureImages } from "./images.ts";

/** `npx tsx lab/images/build.ts`: engine, registry and images; what came of it as JSON on stdout. */
try {
  const engine = await ensureDocker();
  const registry = await ensureRegistry();
  const images = await ensureImages(registry);
  console.log(JSON.stringify({ engine, registry, images }, null, 2));
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
