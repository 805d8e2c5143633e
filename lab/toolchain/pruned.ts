import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";
import { cached } from "../cached.ts";
import { requiredVersion } from "../go/build.ts";

/** A package that nothing here uses, but that upstream imports for what it registers by being there. */
export interface LeftOut {
  readonly module: string;
  /** Folder of the package in its module. */
  readonly folder: string;
}

/**
 * The Docker provider can build images on Kubernetes, which brings that system's whole client library:
 * 23 of the 63 MB of source that the plugin is compiled from, and more than half of the time.
 */
export const kubernetesBuilder: LeftOut = { module: "github.com/docker/buildx", folder: "driver/kubernetes" };

/**
 * A copy of the module, in the version of `goMod`, whose package is empty. A copy because Go refuses to
 * overlay files of its module cache; made here because outside code has no place in this repository.
 */
export async function withoutPackage(goModule: string, leftOut: LeftOut): Promise<string> {
  const version = requiredVersion(await readFile(join(goModule, "go.mod"), "utf8"), leftOut.module);
  const name = `${basename(leftOut.module)}-without-${basename(leftOut.folder)}`;
  return cached(name, version, async (into) => {
    const { stdout } = await execa("go", ["mod", "download", "-json", leftOut.module], { cwd: goModule });
    const { Dir: original } = JSON.parse(stdout);
    await execa("cp", ["-r", `${original}/.`, into]);
    await execa("chmod", ["-R", "u+w", into]); // Go keeps its module cache read-only
    const emptied = join(into, leftOut.folder);
    for (const file of await readdir(emptied)) {
      if (file.endsWith(".go")) await rm(join(emptied, file)); // folders below are packages of their own
    }
    await writeFile(join(emptied, "empty.go"), `package ${basename(emptied)}\n`);
  });
}

/** A go.mod in `scratch`, to build with -modfile, that takes the module from a folder. */
export async function modFile(
  scratch: string,
  goModule: string,
  leftOut: LeftOut,
  folder: string,
): Promise<string> {
  const file = join(scratch, "pruned.mod");
  const goMod = await readFile(join(goModule, "go.mod"), "utf8");
  await writeFile(file, `${goMod}\nreplace ${leftOut.module} => ${folder}\n`);
  await copyFile(join(goModule, "go.sum"), join(scratch, "pruned.sum")); // Go looks for it under this name
  return file;
}
