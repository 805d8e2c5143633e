import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectDir } from "../../../../lab/paths.ts";
import { fileBackend } from "../../../../lab/stack/backend.ts";
import type { RunResult } from "../../../../lab/stack/fleetStack.ts";
import { ensurePulumi } from "../../../../lab/toolchain/pulumi.ts";
import type { Input } from "./program.ts";

const settings = `name: load
main: index.ts
runtime:
  name: nodejs
  options: { typescript: false, nodeargs: "--import tsx --stack-trace-limit=3" }
`;

/** The program beside this file as a Pulumi project with a stack, in a temporary folder. */
export class LoadProject {
  readonly folder: string;
  private readonly pulumi: string;
  private readonly env: Readonly<Record<string, string>>;

  private constructor(folder: string, pulumi: string, env: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.pulumi = pulumi;
    this.env = env;
  }

  static async make(input: Input): Promise<LoadProject> {
    const folder = await mkdtemp(join(tmpdir(), "olympus-test-"));
    await writeFile(join(folder, "Pulumi.yaml"), settings);
    await writeFile(join(folder, "input.json"), JSON.stringify(input));
    // Plugins and commands are started in the project's folder, and find ssh's configuration and gates from there.
    for (const shared of ["backends", "hosts", "node_modules", "package.json"]) {
      await symlink(join(projectDir, shared), join(folder, shared));
    }
    await symlink(join(import.meta.dirname, "program.ts"), join(folder, "index.ts"));
    const { pulumi, env } = await ensurePulumi();
    const project = new LoadProject(folder, pulumi, { ...env, ...(await fileBackend(folder)) });
    const { exitCode, output } = await project.run("stack", "init", "load");
    if (exitCode !== 0) throw new Error(output);
    return project;
  }

  /** As on a machine with sixteen processors, for which Pulumi takes 64 by itself. */
  manage(command: "up" | "refresh" | "destroy", ...args: string[]): Promise<RunResult> {
    const quiet = ["--yes", "--skip-preview", "--non-interactive", "--color", "never"];
    return this.run(command, "--stack", "load", "--parallel", "64", ...quiet, ...args);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private async run(...args: string[]): Promise<RunResult> {
    const options = { cwd: this.folder, env: this.env, reject: false, all: true } as const;
    const { exitCode, all } = await execa(this.pulumi, args, options);
    return { exitCode: exitCode ?? 1, output: all };
  }
}
