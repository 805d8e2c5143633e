import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { copy, folder, link, text, tree } from "../../lab/images/entries.ts";
import { describe as describeImage } from "../../lab/images/publish.ts";
import { type Entry, tarChunks } from "../../lab/images/tar.ts";

/** A folder for the test that runs. */
function scratch(): string {
  const path = mkdtempSync(join(tmpdir(), "olympus-fleet-test-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

async function archive(entries: readonly Entry[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of tarChunks(entries)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What the system's own tar reads, so that our writer is not judged by our own reading of the format. */
async function listing(entries: readonly Entry[]): Promise<string[]> {
  const file = join(scratch(), "layer.tar");
  writeFileSync(file, await archive(entries));
  const lines = execFileSync("tar", ["--numeric-owner", "-tvf", file], {
    env: { ...process.env, TZ: "UTC" },
  });
  return lines
    .toString()
    .trim()
    .split("\n")
    .map((line) => line.replace(/ +/g, " "));
}

describe("a layer", () => {
  test("holds folders, files and links, with parents added, sorted, without dates", async () => {
    expect(
      await listing([
        text("usr/bin/run", "#!/bin/sh\n", { mode: 0o755 }),
        link("bin", "usr/bin"),
        folder("data", { uid: 999, mode: 0o700 }),
      ]),
    ).toEqual([
      "lrwxr-xr-x 0/0 0 1970-01-01 00:00 bin -> usr/bin",
      "drwx------ 999/999 0 1970-01-01 00:00 data/",
      "drwxr-xr-x 0/0 0 1970-01-01 00:00 usr/",
      "drwxr-xr-x 0/0 0 1970-01-01 00:00 usr/bin/",
      "-rwxr-xr-x 0/0 10 1970-01-01 00:00 usr/bin/run",
    ]);
  });

  test("has the same bytes in whatever order its entries come", async () => {
    const entries = [text("b", "2"), text("a", "1"), folder("c")];
    expect(await archive(entries)).toEqual(await archive(entries.toReversed()));
  });

  test("takes names that need both of the header's fields", async () => {
    const long = `${"folder/".repeat(20)}${"n".repeat(90)}`;
    expect((await listing([text(long, "")])).at(-1)).toMatch(new RegExp(`${long}$`));
  });

  test("refuses a name that fits neither, and two entries of one name", async () => {
    await expect(archive([text("n".repeat(101), "")])).rejects.toThrow("too long for a tar header: nnn");
    await expect(archive([text("a", "1"), folder("a")])).rejects.toThrow("two entries for a");
  });

  test("refuses a file that grows while it is packed", async () => {
    const entry: Entry = { path: "log", body: { kind: "file", size: 1, read: () => [Buffer.from("ab")] } };
    await expect(archive([entry])).rejects.toThrow("log changed while it was packed");
  });
});

test("a folder of the disk is packed without its owners, dates and umask", async () => {
  const from = scratch();
  await mkdir(join(from, "lib"));
  await writeFile(join(from, "lib/program"), "x");
  await chmod(join(from, "lib/program"), 0o700);
  await writeFile(join(from, "lib/text"), "yy");
  await chmod(join(from, "lib/text"), 0o600);
  await writeFile(join(from, "lib/static.a"), "left out");
  await symlink("text", join(from, "lib/alias"));

  expect(await listing(await tree("opt", from, /\.a$/))).toEqual([
    "drwxr-xr-x 0/0 0 1970-01-01 00:00 opt/",
    "drwxr-xr-x 0/0 0 1970-01-01 00:00 opt/lib/",
    "lrwxr-xr-x 0/0 0 1970-01-01 00:00 opt/lib/alias -> text",
    "-rwxr-xr-x 0/0 1 1970-01-01 00:00 opt/lib/program",
    "-rw-r--r-- 0/0 2 1970-01-01 00:00 opt/lib/text",
  ]);
  expect(await listing([await copy("etc/alias", join(from, "lib/alias"))])).toContain(
    "-rw-r--r-- 0/0 2 1970-01-01 00:00 etc/alias",
  );
});

test("an image's digest follows from its layers and configuration alone", () => {
  const layers = [{ digest: `sha256:${"a".repeat(64)}`, size: 10 }];
  const one = describeImage(layers, { Env: ["PATH=/bin"], Cmd: ["sh"] });
  expect(one).toEqual(describeImage(layers, { Env: ["PATH=/bin"], Cmd: ["sh"] }));
  expect(describeImage(layers, { Env: ["PATH=/bin"] }).manifest.digest).not.toBe(one.manifest.digest);
  expect(JSON.parse(one.manifest.bytes.toString())).toMatchObject({
    config: { digest: one.configuration.digest, size: one.configuration.bytes.length },
    layers: [{ digest: layers[0]?.digest, size: 10 }],
  });
});
