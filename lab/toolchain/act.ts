import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cached, contentKey } from "../cached.ts";
import { goBuild, requiredVersion, requireGo } from "../go/build.ts";

const goModule = join(import.meta.dirname, "act");
const actModule = "github.com/nektos/act";

/** Path of `act`, which runs GitHub's workflows on this machine. Always compiled here, in the version of act/go.mod. */
export async function ensureAct(): Promise<string> {
  const recipe = ["act.ts", "../go/flags.ts"].map((file) => join(import.meta.dirname, file));
  const key = await contentKey([goModule, ...recipe], `${process.platform}-${process.arch}`);
  const folder = await cached("act", key, async (into) => {
    await requireGo(goModule, "");
    const version = requiredVersion(await readFile(join(goModule, "go.mod"), "utf8"), actModule);
    const variables = { "main.version": version };
    await goBuild(`act ${version}`, 60, {
      module: goModule,
      packages: [{ path: actModule, variables }],
      into,
    });
  });
  return join(folder, "act");
}
