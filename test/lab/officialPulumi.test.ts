import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DownloadSite, packRelease, type Release, sumsOf } from "./downloadSite.ts";

// Read when lab/paths.ts is loaded, which another file of this worker may have done: what is fetched here is no real
// Pulumi, and must never come into the cache of the person who runs the tests.
const cache = join(tmpdir(), `official-pulumi-test-${process.pid}`);
vi.stubEnv("OLYMPUS_FLEET_CACHE", cache);
vi.resetModules();
const { cacheDir } = await import("../../lab/paths.ts");
if (cacheDir !== cache) throw new Error(`the lab's cache is ${cacheDir}`);
const { cliVersion, pluginsKey, providers, providerVersions } = await import(
  "../../lab/toolchain/artefacts.ts"
);
const { cached } = await import("../../lab/cached.ts");
const { ensurePulumi } = await import("../../lab/toolchain/pulumi.ts");
const { fetchPlugins, missingPlugins } = await import("../../lab/toolchain/official.ts");

const version = (await cliVersion()).slice(1);
const versions = await providerVersions();
const patience = { answer: 1, pause: 0.4, whole: 5 };
const noGo = "Go is not on PATH. Install it from https://go.dev/dl, or put an official pulumi on PATH.";

/** Answers `version`, and puts plugins where the engine does. */
const cli = `case "$1" in
version) echo v${version} ;;
plugin) mkdir -p "$PULUMI_HOME/plugins/resource-$4-v$5" ;;
esac`;

let folder: string;
let release: Release;
let site: DownloadSite | undefined;
let said: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "official-"));
  release = await packRelease(folder, version, cli);
  // A machine with neither pulumi nor Go.
  const bin = join(folder, "bin");
  await mkdir(bin);
  for (const tool of ["sh", "tar", "gzip", "mkdir", "sleep"]) {
    await symlink((await execa("which", [tool])).stdout, join(bin, tool));
  }
  vi.stubEnv("PATH", bin);
  said = [];
  vi.spyOn(process.stderr, "write").mockImplementation((line) => said.push(String(line)) > 0);
});
// Nor is the next file to find this cache.
afterAll(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await site?.stop();
  site = undefined;
  await rm(folder, { recursive: true });
  await rm(cache, { recursive: true, force: true });
});

const inCache = () => readdir(cache).catch(() => []);

describe("a connected machine without pulumi", () => {
  test("gets the official CLI with the official plugins, once", async () => {
    site = await DownloadSite.serving(release);
    const toolchain = await ensurePulumi({ url: site.url, ...patience });
    const home = join(cache, `pulumi-official-${version}-${process.platform}-${process.arch}`);
    expect(toolchain).toEqual({
      pulumi: join(home, "bin/pulumi"),
      home,
      env: {
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_HOME: home,
        PATH: [join(home, "bin"), join(folder, "bin")].join(delimiter),
      },
    });
    expect(existsSync(join(home, "bin/pulumi-language-nodejs"))).toBe(true);
    expect((await readdir(join(home, "plugins"))).sort()).toEqual(
      providers.map((name) => `resource-${name}-v${versions[name]}`).sort(),
    );
    expect(site.asked).toEqual([`/pulumi-${version}-checksums.txt`, `/${release.name}`]);

    expect(await ensurePulumi({ url: site.url, ...patience })).toEqual(toolchain);
    expect(site.asked).toHaveLength(2);
  });
});

/** Runs to the point where compiling would begin, and returns the line that says why it would. */
async function reasonToCompile(url: string): Promise<string> {
  const start = Date.now();
  await expect(ensurePulumi({ url, ...patience })).rejects.toThrow(noGo);
  expect(Date.now() - start).toBeLessThan(4_000);
  expect(await inCache()).toEqual([]); // half a download is never taken for a whole one
  return said.at(-1)?.replace(/^[^(]*\((.*)\)\n$/s, "$1") ?? "";
}

describe("what cannot be taken is compiled, with one line that says why", () => {
  test("a closed network", async () => {
    site = await DownloadSite.start(() => {});
    const { url } = site;
    await site.stop();
    site = undefined;
    expect(await reasonToCompile(url)).toBe(
      `${url}/pulumi-${version}-checksums.txt: connect ECONNREFUSED ${url.slice("http://".length)}`,
    );
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^The official Pulumi CLI cannot be had, so the lab compiles its own \(/);
  });

  test("a network that swallows everything", async () => {
    site = await DownloadSite.start(() => {});
    expect(await reasonToCompile(site.url)).toBe(
      `${site.url}/pulumi-${version}-checksums.txt: no answer in time`,
    );
  });

  test("a site without that release", async () => {
    site = await DownloadSite.start((_, response) => response.writeHead(404).end("not here"));
    expect(await reasonToCompile(site.url)).toBe(`${site.url}/pulumi-${version}-checksums.txt answers 404`);
  });

  test("a sign-in page in place of the list, as hotels and some proxies have it", async () => {
    site = await DownloadSite.start((_, response) => response.end("<html>Welcome</html>"));
    expect(await reasonToCompile(site.url)).toBe(`${site.url} lists no ${release.name}`);
  });

  test("another archive than was listed", async () => {
    site = await DownloadSite.serving(release, sumsOf({ ...release, archive: Buffer.from("another") }));
    expect(await reasonToCompile(site.url)).toBe(`${site.url}/${release.name} is not what its checksum says`);
  });

  test("an archive that ends in the middle", async () => {
    site = await DownloadSite.serving(release, undefined, (_, response) => {
      response.setHeader("Content-Length", release.archive.length);
      response.write(release.archive.subarray(0, 100), () => response.destroy());
    });
    expect(await reasonToCompile(site.url)).toBe(`${site.url}/${release.name}: other side closed`);
  });

  test("an archive that stops coming", async () => {
    site = await DownloadSite.serving(release, undefined, (_, response) => {
      response.write(release.archive.subarray(0, 100));
    });
    expect(await reasonToCompile(site.url)).toBe(`${site.url}/${release.name}: no answer in time`);
  });

  test("a CLI of another version, and one that does not run", async () => {
    const other = await packRelease(join(folder, "other"), version, "echo v3.1.0");
    site = await DownloadSite.serving(other);
    expect(await reasonToCompile(site.url)).toBe(`${site.url}/${release.name} answers with v3.1.0`);
    await site.stop();
    site = await DownloadSite.serving(await packRelease(join(folder, "broken"), version, "exit 1"));
    expect(await reasonToCompile(site.url)).toBe(`${site.url}/${release.name} answers with an error`);
  });
});

test.each(["http://127.0.0.1:PORT", "127.0.0.1:PORT"])(
  "a network behind a proxy %s is gone through as curl, Go and npm do",
  async (proxyUrl) => {
    const wanted: string[] = [];
    const proxy = createServer().on("connect", ({ url }, socket) => {
      wanted.push(url ?? "");
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const address = proxy.address();
    if (typeof address !== "object" || !address) throw new Error("the proxy does not listen");
    vi.stubEnv("https_proxy", proxyUrl.replace("PORT", `${address.port}`));
    expect(await reasonToCompile("https://pulumi.invalid/releases")).toMatch(
      /^https:\/\/pulumi\.invalid\/releases\/pulumi-.*-checksums\.txt: Proxy response \(403\)/,
    );
    expect(wanted).toEqual(["pulumi.invalid:443"]);
    await new Promise((resolve) => proxy.close(resolve));
  },
);

describe("a network that lets the CLI in and no plugin", () => {
  const halfClosed = `case "$1" in
version) echo v${version} ;;
plugin) echo "error: no such host" >&2; exit 1 ;;
esac`;

  test("is seen before pulumi up, and the plugins are compiled", async () => {
    site = await DownloadSite.serving(await packRelease(join(folder, "half"), version, halfClosed));
    await expect(ensurePulumi({ url: site.url, ...patience })).rejects.toThrow(noGo);
    expect(said.at(-1)).toBe(
      "The official plugins cannot be had, so the lab compiles its own (error: no such host)\n",
    );

    // As if they were compiled by now.
    const key = await pluginsKey(versions);
    await cached("pulumi-plugins", key, async (into) => {
      for (const name of providers) await writeFile(join(into, `pulumi-resource-${name}`), name);
    });
    const lines = said.length;
    const toolchain = await ensurePulumi({ url: site.url, ...patience });
    expect(toolchain.pulumi).toMatch(/pulumi-official-.*\/bin\/pulumi$/);
    expect(toolchain.env).toMatchObject({
      PULUMI_HOME: toolchain.home,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    });
    expect(await missingPlugins(toolchain.home, versions)).toEqual([]);
    expect(said).toHaveLength(lines); // and is not asked again
  });

  test("and one that swallows the plugins costs a limited time", async () => {
    const pulumi = join(await unpacked("plugin) exec sleep 60 ;;"), "pulumi");
    await expect(fetchPlugins({ pulumi, home: folder, env: {} }, ["docker"], versions, 0.3)).rejects.toThrow(
      "docker was not here after 0.3 s",
    );
  });

  test("a plugin that the engine is still unpacking is missing", async () => {
    const plugin = (name: "docker" | "random") => join(folder, `plugins/resource-${name}-v${versions[name]}`);
    for (const name of ["docker", "random"] as const) await mkdir(plugin(name), { recursive: true });
    await writeFile(`${plugin("random")}.partial`, "");
    expect(await missingPlugins(folder, versions)).toEqual(providers.filter((name) => name !== "docker"));
  });
});

/** A folder with a CLI that does this. */
async function unpacked(action: string): Promise<string> {
  await packRelease(join(folder, "slow"), version, `case "$1" in\n${action}\nesac`);
  return join(folder, "slow/pulumi");
}
