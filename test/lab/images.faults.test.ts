import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toolFault } from "../../lab/images/faults.ts";
import { freeMiB } from "../../lab/images/tools.ts";

test("a missing tool says how to get it", () => {
  expect(toolFault("go", [], "ENOENT", "", 100)).toBe(
    "go is not on PATH. Install Go 1.24 or newer and put it on PATH (it fetches a newer one by itself where a module needs that).",
  );
  expect(toolFault("python3", [], "ENOENT", "", 100)).toBe(
    "python3 is not on PATH. Install Python 3 and pip (Debian, Ubuntu: apt-get install python3-pip).",
  );
});

test.each([
  ["go", "link: mapping output file failed: no space left on device"],
  ["npm", "npm error code ENOSPC"],
  ["dpkg-deb", "dpkg-deb: error: failed to write (No space left on device)"],
])("%s on a full disk says how much is left and what to do", (tool, output) => {
  expect(toolFault(tool, ["build"], undefined, output, 12)).toBe(
    `${tool} ran out of disk space: 12 MiB are left, building all images needs about 4 GiB with Go's own caches. ` +
      "Free some space (go clean -cache; docker system prune), or move the cache: export OLYMPUS_FLEET_CACHE=/path",
  );
});

test.each([
  ["python3", "/usr/bin/python3: No module named pip", "Install pip"],
  ["apt-get", "E: Unable to locate package busybox-static", "Run apt-get update"],
  [
    "python3",
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
    "not what was pinned",
  ],
  ["npm", "npm error code EINTEGRITY", "not what was pinned"],
  ["go", "verifying github.com/x/y@v1: checksum mismatch", "not what was pinned"],
  ["go", "dial tcp: lookup example on 10.0.0.1:53: no such host", "Check the network"],
  ["npm", "npm error code ENOTFOUND", "Check the network"],
  ["go", "github.com/x/y: /usr/local/go/pkg/tool/compile: signal: killed", "ran out of memory"],
])("%s: %s", (tool, output, remedy) => {
  const message = toolFault(tool, ["one", "two", "three"], undefined, output, 99_999);
  expect(message).toContain(`${tool} one two failed:\n  ${output}\n`);
  expect(message).toContain(remedy);
});

test("only the end of a long output is shown", () => {
  const output = Array.from({ length: 50 }, (_, line) => `line ${line}`).join("\n");
  expect(toolFault("go", ["build"], undefined, output, 99_999).split("\n")).toEqual([
    "go build failed:",
    ...Array.from({ length: 8 }, (_, line) => `  line ${42 + line}`),
  ]);
});

test("room is told before anything is cached", async () => {
  const folder = join(tmpdir(), "olympus-no-such-folder", "cache");
  expect(await freeMiB(folder)).toBeGreaterThan(0);
});
