import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  atATime,
  compilationsAtATime,
  goBuild,
  lastLines,
  requiredVersion,
  requireGo,
} from "../../lab/go/build.ts";
import { buildArguments, listArguments } from "../../lab/go/flags.ts";
import { LabError } from "../../lab/progress.ts";
import { goModule } from "../../lab/toolchain/artefacts.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "go-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A `go` that does this, first on PATH. */
async function playGo(body: string): Promise<void> {
  await writeFile(join(folder, "go"), `#!/bin/sh\n${body}\n`);
  await chmod(join(folder, "go"), 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
}

test("the CLI has the version that go.mod requires", async () => {
  const goMod = await readFile(join(goModule, "go.mod"), "utf8");
  expect(requiredVersion(goMod, "github.com/pulumi/pulumi/pkg/v3")).toMatch(/^v3\.\d+\.\d+$/);
  expect(requiredVersion(goMod, "github.com/pulumi/pulumi/pkg/v3")).toBe(
    requiredVersion(goMod, "github.com/pulumi/pulumi/sdk/v3"),
  );
});

describe("one go build", () => {
  const packages = [{ path: "m/a", variables: { "main.version": "1.2.3" } }, { path: "m/b" }];
  const build = { module: "/m", packages, tags: ["t"], modFile: "/x.mod", into: "/out" };

  test("serves all packages, each with its own variables", () => {
    expect(buildArguments(build)).toEqual([
      "build",
      "-trimpath",
      "-buildvcs=false",
      "-gcflags=all=-dwarf=false",
      "-ldflags=m/a=-s -w -X main.version=1.2.3",
      "-ldflags=m/b=-s -w",
      "-o",
      "/out/",
      "-mod=readonly",
      "-tags=t",
      "-modfile=/x.mod",
      "m/a",
      "m/b",
    ]);
  });

  test("fetches the same packages before", () => {
    expect(listArguments(build)).toEqual([
      "list",
      "-deps",
      "-mod=readonly",
      "-tags=t",
      "-modfile=/x.mod",
      "m/a",
      "m/b",
    ]);
  });
});

describe("compiling side by side", () => {
  test.each([
    [2, 24, 1],
    [4, 4, 1],
    [8, 16, 2],
    [16, 8, 2],
    [64, 2, 1],
  ])("%d cores with %d GiB compile %d at a time", (cores, memoryGiB, count) => {
    expect(compilationsAtATime(cores, memoryGiB)).toBe(count);
  });

  test("sources are fetched while others compile, and a failure says what to do", async () => {
    vi.spyOn(process.stderr, "write").mockImplementation(() => true);
    // Each compilation takes until all sources are here; a second one beside it would find a lock.
    await playGo(`case "$1" in
list) echo list >>"${folder}/log"; exit 0 ;;
esac
until [ "$(grep -c list "${folder}/log")" = 3 ]; do sleep 0.05; done
mkdir "${folder}/busy" 2>/dev/null || { [ ${atATime} -gt 1 ] || exit 3; }
sleep 0.1
rmdir "${folder}/busy" 2>/dev/null
case "$*" in *m/broken*) echo 'go: dial tcp: i/o timeout' >&2; exit 1 ;; esac
echo build >>"${folder}/log"`);
    const build = (path: string) => goBuild(path, 1, { module: folder, packages: [{ path }], into: folder });
    const ends = await Promise.allSettled(["m/a", "m/broken", "m/b"].map(build));
    expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    const failure = ends.find((end) => end.status === "rejected");
    expect(failure?.reason).toEqual(
      new LabError(
        "go build -trimpath failed:\n  go: dial tcp: i/o timeout\nCheck the network, and the proxy or registry mirror " +
          "that this tool is set to; finished work is kept.",
      ),
    );
  });
});

test("of a failed command the end is shown, without the downloads", () => {
  expect(lastLines("go: downloading a\none\n\ntwo\nthree\n", 2)).toBe("two\nthree");
});

describe("prerequisites", () => {
  test("no Go", async () => {
    vi.stubEnv("PATH", folder);
    const remedy = "Install it from https://go.dev/dl, or put an official pulumi on PATH.";
    await expect(requireGo(folder)).rejects.toEqual(new LabError(`Go is not on PATH. ${remedy}`));
  });

  test("Go too old", async () => {
    await playGo("echo 'go: go.mod requires go >= 1.25 (running go 1.19)' >&2; exit 1");
    await expect(requireGo(folder)).rejects.toThrow(
      "Go is too old: go: go.mod requires go >= 1.25 (running go 1.19). Install it from",
    );
  });
});
