import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { build as bundle } from "esbuild";
import { cached, contentKey } from "../cached.ts";
import { projectDir } from "../paths.ts";
import { LabError, step } from "../progress.ts";
import { goBuild } from "./go.ts";

/** One Go module for the CLI and the plugins: they share most of what they import, in one version. */
export const goModule = join(import.meta.dirname, "plugins");
const languageHostSource = join(import.meta.dirname, "language-host");

/** The providers whose plugins are built here. Their versions are those of the npm packages. */
export const providers = ["docker", "random", "command", "cloudflare"] as const;
export type ProviderName = (typeof providers)[number];
export type ProviderVersions = Readonly<Record<ProviderName, string>>;

const cliModule = "github.com/pulumi/pulumi/pkg/v3";
/** What is built depends on the machine too. */
const machine = `${process.platform}-${process.arch}`;

/** The version that a go.mod requires of a module. */
export function requiredVersion(goMod: string, module: string): string {
  const line = goMod.split("\n").find((text) =>
    text
      .trim()
      .replace(/^require /, "")
      .startsWith(`${module} v`),
  );
  const version = line?.match(/ (v\S+)/)?.[1];
  if (!version) throw new Error(`go.mod requires no ${module}`);
  return version;
}

export const pluginPackage = (name: ProviderName) =>
  `olympus-fleet/lab/toolchain/plugins/cmd/pulumi-resource-${name}`;

/** What npm installed, and so what the program's packages will ask the engine for. */
export async function providerVersions(): Promise<ProviderVersions> {
  const read = async (name: ProviderName) => {
    const manifest = join(projectDir, "node_modules/@pulumi", name, "package.json");
    try {
      return [name, JSON.parse(await readFile(manifest, "utf8")).version];
    } catch {
      throw new LabError(`@pulumi/${name} is not installed. Run npm ci in ${projectDir}.`);
    }
  };
  return Object.fromEntries(await Promise.all(providers.map(read)));
}

/** A folder with the executable `pulumi`. */
export async function buildCli(): Promise<string> {
  const [goMod, goSum] = [join(goModule, "go.mod"), join(goModule, "go.sum")];
  const version = requiredVersion(await readFile(goMod, "utf8"), cliModule);
  return cached("pulumi-cli", await contentKey([goMod, goSum], machine), (into) =>
    step(`compiling the Pulumi CLI ${version}`, "about 4 min", () =>
      goBuild({
        module: goModule,
        packages: [
          {
            path: `${cliModule}/cmd/pulumi`,
            variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version },
          },
        ],
        into,
      }),
    ),
  );
}

/** A folder with an executable `pulumi-resource-NAME` for each provider. */
export async function buildPlugins(versions: ProviderVersions): Promise<string> {
  return cached("pulumi-plugins", await contentKey([goModule], machine, JSON.stringify(versions)), (into) =>
    step(`compiling the plugins ${providers.join(", ")}`, "about 3 min", () =>
      goBuild({
        module: goModule,
        packages: providers.map((name) => ({
          path: pluginPackage(name),
          variables: { "main.version": versions[name] },
        })),
        // Upstream's own switch: compose files are nothing a Container, Network or Volume needs.
        tags: ["no_compose"],
        into,
      }),
    ),
  );
}

/** A folder with the executable `pulumi-language-nodejs`: one file that starts in a tenth of a second. */
export async function buildLanguageHost(): Promise<string> {
  const sdk = join(projectDir, "node_modules/@pulumi/pulumi/package.json");
  return cached("pulumi-language-host", await contentKey([languageHostSource, sdk]), async (into) => {
    const outfile = join(into, "pulumi-language-nodejs");
    await bundle({
      entryPoints: [join(languageHostSource, "main.ts")],
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs", // a file without an extension is CommonJS to Node
      banner: { js: "#!/usr/bin/env node" },
      logLevel: "error",
      outfile,
    });
    await chmod(outfile, 0o755);
  });
}
