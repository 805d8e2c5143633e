import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fileBackend } from "../../lab/stack/backend.ts";
import { locksOf } from "../../lab/stack/locks.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-locks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the locks of a stack are found below the lab's own backend, which writes no metadata", async () => {
  const { PULUMI_BACKEND_URL: url } = await fileBackend(folder);
  expect(url).toBe(`file://${folder}/state?metadata=skip`);
  const locks = join(folder, "state/.pulumi/locks/organization/olympus-fleet/dev");
  mkdirSync(locks, { recursive: true });
  writeFileSync(join(locks, "1.json"), JSON.stringify({ pid: 4242, hostname: "here" }));
  expect(locksOf(url, "dev")).toEqual([{ host: "here", pid: 4242 }]);
  expect(locksOf(url, "prod")).toEqual([]);
  expect(locksOf("s3://bucket", "dev")).toEqual([]);
});
