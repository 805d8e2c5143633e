import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import language from "@pulumi/pulumi/proto/language_pb.js";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { projectDir } from "../../lab/paths.ts";
import { chosenBackend } from "../../lab/stack/backend.ts";
import { providers, providerVersions } from "../../lab/toolchain/artefacts.ts";
import { providerPackages } from "../../lab/toolchain/language-host/packages.ts";
import { configVariable, runnerArguments, words } from "../../lab/toolchain/language-host/program.ts";
import { cliOnPath, foreignFolders } from "../../lab/toolchain/official.ts";
import { builtToolchain, cliFiles, mixedToolchain, pluginFiles } from "../../lab/toolchain/pulumi.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "toolchain-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function write(path: string, content: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

async function script(path: string, body: string): Promise<void> {
  await chmod(await write(path, `#!/bin/sh\n${body}\n`), 0o755);
}

describe("choosing the engine", () => {
  test("the first pulumi that answers is taken, not a downloader that cannot", async () => {
    await script("npm/pulumi", "echo no network >&2; exit 1");
    await script("official/pulumi", "echo v3.300.0");
    const PATH = `${folder}/empty:${folder}/npm:${folder}/official`;
    expect(await cliOnPath({ PATH, PULUMI_HOME: "/srv/pulumi" })).toEqual({
      pulumi: join(folder, "official/pulumi"),
      home: "/srv/pulumi",
      env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    expect(await cliOnPath({ PATH: `${folder}/npm` })).toBeUndefined();
  });

  test("a built toolchain on PATH is not mistaken for an official one", () => {
    expect(foreignFolders("/cache/pulumi-home-1/bin:/usr/bin::/cachet", "/cache")).toEqual([
      "/usr/bin",
      "/cachet",
    ]);
  });

  test("an official engine with compiled plugins keeps whom its user has signed in as", async () => {
    const official = { pulumi: "/usr/bin/pulumi", home: folder, env: { A: "b" } };
    const env = {
      A: "b",
      PULUMI_HOME: "/cache/home",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    const mixed = { pulumi: "/usr/bin/pulumi", home: "/cache/home" };
    expect(mixedToolchain(official, "/cache/home")).toEqual({ ...mixed, env });

    await write("credentials.json", JSON.stringify({ current: "https://pulumi.example" }));
    const signedIn = mixedToolchain(official, "/cache/home");
    expect(signedIn).toEqual({ ...mixed, env: { ...env, PULUMI_CREDENTIALS_PATH: folder } });
    expect(chosenBackend(signedIn.env)).toBe("https://pulumi.example");
  });

  test("a built engine finds its language host first and downloads nothing", () => {
    expect(builtToolchain("/cache/home", "/usr/bin")).toEqual({
      pulumi: "/cache/home/bin/pulumi",
      home: "/cache/home",
      env: {
        PULUMI_HOME: "/cache/home",
        PATH: "/cache/home/bin:/usr/bin",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
    });
  });
});

describe("what is built", () => {
  test("plugins have the versions that package.json pins, in the folders where the engine looks", async () => {
    const { dependencies } = JSON.parse(await readFile(join(projectDir, "package.json"), "utf8"));
    const versions = await providerVersions();
    expect(versions).toEqual(
      Object.fromEntries(providers.map((name) => [name, dependencies[`@pulumi/${name}`]])),
    );
    const files = pluginFiles("/p", versions);
    expect(files).toContainEqual([
      "/p/pulumi-resource-docker",
      `plugins/resource-docker-v${versions.docker}/pulumi-resource-docker`,
    ]);
    expect(files).toHaveLength(providers.length);
  });

  test("the language host lies beside the CLI", () => {
    expect(cliFiles("/c", "/h")).toEqual([
      ["/c/pulumi", "bin/pulumi"],
      ["/h/pulumi-language-nodejs", "bin/pulumi-language-nodejs"],
    ]);
  });
});

describe("language host", () => {
  test("words are split as a shell would", () => {
    expect(words(`--import tsx  --title="a b" 'c d'`)).toEqual(["--import", "tsx", "--title=a b", "c d"]);
    expect(words("")).toEqual([]);
  });

  test("configuration keys are those that the SDK reads", () => {
    const config: [string, string][] = [
      ["olympus:domain", "x"],
      ["olympus:config:hosts", "{}"],
    ];
    expect(JSON.parse(configVariable(config))).toEqual({
      "olympus:config:domain": "x",
      "olympus:config:hosts": "{}",
    });
  });

  test("the runner learns of engine, stack and program", () => {
    const info = new language.ProgramInfo()
      .setRootDirectory("/p")
      .setProgramDirectory("/p")
      .setEntryPoint("index.ts");
    const request = new language.RunRequest().setMonitorAddress("127.0.0.1:1").setProject("olympus");
    request.setStack("dev").setParallel(8).setDryrun(true).setInfo(info);
    expect(runnerArguments(request, "127.0.0.1:2").join(" ")).toBe(
      "--monitor 127.0.0.1:1 --engine 127.0.0.1:2 --project olympus --root-directory /p --stack dev --pwd /p " +
        "--parallel 8 --dry-run index.ts",
    );
  });

  test("provider packages are found where Node would find them", async () => {
    const provider = (extra: object) =>
      JSON.stringify({ version: "1.2.3", pulumi: { resource: true, ...extra } });
    await write("node_modules/@pulumi/docker/package.json", provider({ name: "docker" }));
    await write("node_modules/plain/package.json", "{}");
    await write(
      "node_modules/plain/node_modules/nested/package.json",
      provider({ name: "n", version: "v4.0.0" }),
    );
    await mkdir(join(folder, "program"));
    expect(providerPackages(join(folder, "program"))).toEqual([
      { name: "docker", version: "v1.2.3", server: "" },
      { name: "n", version: "v4.0.0", server: "" },
    ]);
  });
});
