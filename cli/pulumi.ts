import { type Printed, run } from "../hosts/run.ts";
import { UsageError } from "./command.ts";

/** A night is long enough for the largest stack. */
const seconds = 3600;

/** Pulumi's CLI, for questions alone: what is asked here takes no lock, and writes neither state nor hosts. */
export class Pulumi {
  private readonly project: string;
  private readonly stack: string;
  private readonly config: readonly string[];

  /** @param configFile whole path; default Pulumi's own choice */
  constructor(project: string, stack: string, configFile?: string) {
    this.project = project;
    this.stack = stack;
    this.config = configFile === undefined ? [] : ["--config-file", configFile];
  }

  /**
   * The state as the last run has left it, secrets encrypted.
   *
   * @throws UsageError with what Pulumi says when it has none
   */
  async state(): Promise<string> {
    const { code, out, err } = await this.run("stack", "export");
    if (code !== 0) throw new UsageError(err.trim() || out.trim());
    return out;
  }

  /** What engines and DNS have, held against the state. Looks at everything that answers. */
  refresh(): Promise<Printed> {
    return this.run("refresh", "--preview-only", ...asJson, ...this.config);
  }

  /** What the files say, held against the state. */
  preview(): Promise<Printed> {
    return this.run("preview", ...asJson, ...this.config);
  }

  private async run(...args: readonly string[]): Promise<Printed> {
    const ran = await run("pulumi", [...args, "--stack", this.stack, "--non-interactive"], {
      seconds,
      cwd: this.project,
      env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    if (ran.err === "ENOENT") {
      throw new UsageError("There is no pulumi on the PATH. https://www.pulumi.com/docs/install/");
    }
    return ran;
  }
}

const asJson = ["--json", "--color", "never"] as const;
