import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A provider that the program has installed as an npm package. */
export interface ProviderPackage {
  readonly name: string;
  readonly version: string;
  readonly server: string;
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly pulumi?: {
    readonly resource?: boolean;
    readonly name?: string;
    readonly version?: string;
    readonly server?: string;
  };
}

/** The providers below every `node_modules` that Node would search from `directory`. */
export function providerPackages(directory: string): ProviderPackage[] {
  const found = new Map<string, ProviderPackage>();
  for (let at = directory; ; at = dirname(at)) {
    for (const provider of installedIn(join(at, "node_modules"))) {
      const key = `${provider.name}@${provider.version}`;
      if (!found.has(key)) found.set(key, provider);
    }
    if (at === dirname(at)) return [...found.values()];
  }
}

function* installedIn(modules: string): Generator<ProviderPackage> {
  for (const folder of packageFolders(modules)) {
    const provider = providerOf(join(folder, "package.json"));
    if (provider) yield provider;
    yield* installedIn(join(folder, "node_modules"));
  }
}

function packageFolders(modules: string): string[] {
  if (!existsSync(modules)) return [];
  return readdirSync(modules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@")
        ? readdirSync(join(modules, name)).map((inner) => join(modules, name, inner))
        : [join(modules, name)],
    );
}

function providerOf(manifestFile: string): ProviderPackage | undefined {
  if (!existsSync(manifestFile)) return undefined;
  const manifest: Manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
  const { pulumi } = manifest;
  if (!pulumi?.resource) return undefined;
  const version = pulumi.version ?? manifest.version ?? "";
  return {
    name: pulumi.name ?? (manifest.name ?? "").replace(/^@pulumi\//, ""),
    version: version.startsWith("v") ? version : `v${version}`,
    server: pulumi.server ?? "",
  };
}
