import { execa } from "execa";
import { expect, test } from "vitest";

test("who reads no further, as with `| head`, gets no stack trace and ends no command in the middle", async () => {
  const command = execa(process.execPath, ["--import", "tsx", "cli/fleet.ts", "--help"], { reject: false });
  command.stdout.destroy();
  const { exitCode, stderr } = await command;
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
});
