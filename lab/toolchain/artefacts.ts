import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build as bundle } from "esbuild";
import { cached, contentKey, inCache } from "../cached.ts";
import { goBuild, requiredVersion, requireGo } from "../go/build.ts";
import { projectDir } from "../paths.ts";
import { LabError } from "../progress.ts";
import { kubernetesBuilder, modFile, withoutPackage } from "./pruned.ts";

/** One Go module for the CLI and the plugins: they share most of what they import, in one version. */
export const goModule = join(import.meta.dirname, "plugins");
const languageHostSource = join(import.meta.dirname, "language-host");

/** The providers whose plugins are built here. Their versions are those of the npm packages. */
export const providers = ["docker", "random", "command", "cloudflare"] as const;
export type ProviderName = (typeof providers)[number];
export type ProviderVersions = Readonly<Record<ProviderName, string>>;

const cliModule = "github.com/pulumi/pulumi/pkg/v3";
/** What is built depends on how and where, too. */
const recipe = ["artefacts.ts", "../go/flags.ts", "pruned.ts"].map((file) => join(import.meta.dirname, file));
const machine = `${process.platform}-${process.arch}`;

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

const pins = [join(goModule, "go.mod"), join(goModule, "go.sum")] as const;

/** The release of the CLI that go.mod asks for, such as `v3.259.0`. */
export const cliVersion = async () => requiredVersion(await readFile(pins[0], "utf8"), cliModule);

const cliKey = () => contentKey([...pins, ...recipe], machine);
export const pluginsKey = (versions: ProviderVersions) =>
  contentKey([goModule, ...recipe], machine, JSON.stringify(versions));

/** What an earlier run has compiled. */
export const builtCli = async () => inCache("pulumi-cli", await cliKey());
export const builtPlugins = async (versions: ProviderVersions) =>
  inCache("pulumi-plugins", await pluginsKey(versions));

/** A folder with the executable `pulumi`. */
export async function buildCli(): Promise<string> {
  const version = await cliVersion();
  return cached("pulumi-cli", await cliKey(), async (into) => {
    await goBuild(`the Pulumi CLI ${version}`, 150, {
      module: goModule,
      packages: [
        {
          path: `${cliModule}/cmd/pulumi`,
          variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version },
        },
      ],
      into,
    });
  });
}

/** A folder with an executable `pulumi-resource-NAME` for each provider. */
export async function buildPlugins(versions: ProviderVersions): Promise<string> {
  return cached("pulumi-plugins", await pluginsKey(versions), async (into) => {
    await requireGo(goModule);
    const buildx = await withoutPackage(goModule, kubernetesBuilder);
    const scratch = await mkdtemp(join(tmpdir(), "pulumi-plugins-"));
    try {
      await goBuild(`the plugins ${providers.join(", ")}`, 120, {
        module: goModule,
        packages: providers.map((name) => ({
          path: pluginPackage(name),
          variables: { "main.version": versions[name] },
        })),
        modFile: await modFile(scratch, goModule, kubernetesBuilder, buildx),
        // Upstream's own switch: compose files are nothing a Container, Network or Volume needs.
        tags: ["no_compose"],
        into,
      });
    } finally {
      await rm(scratch, { recursive: true });
    }
  });
}

/** A folder with the executable `pulumi-language-nodejs`: one file that starts in a tenth of a second. */
export async function buildLanguageHost(): Promise<string> {
  const sdk = join(projectDir, "node_modules/@pulumi/pulumi/package.json");
  return cached(
    "pulumi-language-host",
    await contentKey([languageHostSource, sdk, ...recipe]),
    async (into) => {
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
    },
  );
}
