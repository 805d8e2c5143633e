import { createHash } from "node:crypto";
import { join } from "node:path";
import { build } from "esbuild";
import { projectDir } from "../../paths.ts";
import { text } from "../entries.ts";
import { type Layer, layer } from "../layers.ts";

export type Ui = "hera" | "athena";

/** The server of a stand-in, bundled to one file so that the image needs no node_modules. */
export async function uiLayer(ui: Ui): Promise<Layer> {
  const bundle = await bundled(ui);
  const digest = createHash("sha256").update(bundle).digest("hex");
  return layer(ui, import.meta.filename, [digest], async () => [text("app/server.mjs", bundle)]);
}

async function bundled(ui: Ui): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(projectDir, "lab/uis", ui, "server.ts")],
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node24",
    // ES modules first: what is not used of the Ory clients is left out, which saves a fifth of the memory.
    mainFields: ["module", "main"],
    // The comments that esbuild leaves name files: relative to the checkout, so that its place is not in the image.
    absWorkingDir: projectDir,
    logLevel: "silent",
  });
  return outputFiles.map(({ text }) => text).join("");
}
