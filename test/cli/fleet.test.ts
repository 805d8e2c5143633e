import { execa } from "execa";
import { expect, test, vi } from "vitest";

// Each starts a process, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

test("who reads no further, as with `| head`, gets no stack trace and ends no command in the middle", async () => {
  const command = execa(process.execPath, ["--import", "tsx", "cli/fleet.ts", "--help"], { reject: false });
  command.stdout.destroy();
  const { exitCode, stderr } = await command;
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
});

test("a project's folder that is not there is a line, not a stack trace", async () => {
  const args = ["--import", "tsx", "cli/fleet.ts", "--cwd", "/nonexistent", "plan"];
  const { exitCode, stderr, stdout } = await execa(process.execPath, args, { reject: false });
  expect(stderr).toBe(
    "--cwd /nonexistent: there is no such folder. Write the project's, where tenants.yaml is.",
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
});
