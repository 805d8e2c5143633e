import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa, type Options } from "execa";
import { parse, stringify } from "yaml";
import type { TenantState } from "../../fleet/tenant/state.ts";
import { projectDir } from "../paths.ts";
import type { Toolchain } from "../toolchain/pulumi.ts";
import { isDead, locksIn, locksOf } from "./locks.ts";

export interface FleetStackArgs {
  /** Name of the Pulumi stack. */
  readonly name: string;
  /** Folder for the stack's configuration file, and for what the caller puts beside it. */
  readonly folder: string;
  readonly toolchain: Toolchain;
  /** Backend and passphrase. */
  readonly backend: Readonly<Record<string, string>>;
  /** Values of the namespace `olympus`, laid over Pulumi.dev.yaml. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface RunOptions {
  /** Show Pulumi's own output while it runs. Default: keep it for the result. */
  readonly show?: boolean;
  /** More arguments, such as `--expect-no-changes`. */
  readonly args?: readonly string[];
  /** More of the environment, such as another time for rings. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunResult {
  readonly exitCode: number;
  /** Standard output and error, as they came. */
  readonly output: string;
}

/** Administrator and addresses of one tenant, as the program puts them out. */
export interface TenantOutputs {
  readonly state: TenantState;
  readonly urls: { readonly login: string; readonly api: string; readonly admin: string };
  readonly administrator: { readonly email: string; readonly initialPassword: string };
  readonly clientSecrets: Readonly<Record<string, string>>;
}

export interface FleetOutputs {
  readonly fleet: Readonly<Record<string, TenantOutputs>>;
  readonly inputRules: Readonly<Record<string, string>>;
  readonly dnsRecords: readonly { readonly name: string; readonly type: string; readonly content: string }[];
}

/**
 * A stack of this project, driven through the CLI as an operator would, with its configuration in a file of its
 * own: nothing in the checkout changes.
 */
export class FleetStack {
  readonly name: string;
  readonly configFile: string;
  private readonly pulumi: string;
  private readonly env: Record<string, string>;

  private constructor({ name, folder, toolchain, backend }: FleetStackArgs) {
    this.name = name;
    this.configFile = join(folder, `Pulumi.${name}.yaml`);
    this.pulumi = toolchain.pulumi;
    this.env = { ...toolchain.env, ...backend };
  }

  /** Writes the configuration and makes the stack if there is none. */
  static async open(args: FleetStackArgs): Promise<FleetStack> {
    const stack = new FleetStack(args);
    await mkdir(args.folder, { recursive: true, mode: 0o700 });
    await stack.configure(args.config);
    await stack.ensureExists();
    return stack;
  }

  /** Lays values over Pulumi.dev.yaml; the salt of the secrets, which Pulumi has put into the file, stays. */
  async configure(values: Readonly<Record<string, unknown>>): Promise<void> {
    const base = parse(await readFile(join(projectDir, "Pulumi.dev.yaml"), "utf8"));
    const before = parse(await readFile(this.configFile, "utf8").catch(() => "")) ?? {};
    const secrets = Object.entries<unknown>(before.config ?? {}).filter(
      ([, value]) => typeof value === "object" && value !== null && "secure" in value,
    );
    const own = Object.entries(values).map(([key, value]) => [`olympus:${key}`, value] as const);
    const config = { ...base.config, ...Object.fromEntries(secrets), ...Object.fromEntries(own) };
    await writeFile(this.configFile, stringify({ ...before, config }), { mode: 0o600 });
  }

  /** Sets a secret of the stack; the value travels on stdin. */
  async setSecret(key: string, value: string): Promise<void> {
    await this.run(["config", "set", "--secret", `olympus:${key}`], {}, value, true);
  }

  up(options: RunOptions = {}): Promise<RunResult> {
    return this.run(["up", "--yes", "--skip-preview", ...this.quiet(options)], options);
  }

  preview(options: RunOptions = {}): Promise<RunResult> {
    return this.run(["preview", ...this.quiet(options)], options);
  }

  /** Compares the state with what the engine has; changes nothing on it. */
  refresh(options: RunOptions = {}): Promise<RunResult> {
    return this.run(["refresh", "--yes", "--skip-preview", ...this.quiet(options)], options);
  }

  destroy(options: RunOptions = {}): Promise<RunResult> {
    return this.run(["destroy", "--yes", "--skip-preview", ...this.quiet(options)], options);
  }

  /** Forgets the stack; its resources must be gone. */
  async remove(): Promise<void> {
    await this.run(["stack", "rm", "--yes", "--preserve-config"], {}, undefined, true);
  }

  /** Takes over what exists already; arguments as `pulumi import` has them. */
  import(args: readonly string[]): Promise<RunResult> {
    const how = ["--yes", "--skip-preview", "--generate-code=false", "--non-interactive", "--color", "never"];
    return this.run(["import", ...args, ...how], {});
  }

  async outputs(): Promise<FleetOutputs> {
    const { stdout } = await this.execute(["stack", "output", "--json", "--show-secrets"], { reject: true });
    return JSON.parse(String(stdout)) as FleetOutputs;
  }

  /** The state as Pulumi keeps it, secrets encrypted unless they are asked for. */
  async state({ showSecrets = false } = {}): Promise<string> {
    const command = ["stack", "export", ...(showSecrets ? ["--show-secrets"] : [])];
    const { stdout } = await this.execute(command, { reject: true });
    return String(stdout);
  }

  /** Puts back what `state()` gave, without what was pending in it. */
  async importState(state: string): Promise<void> {
    await this.run(["stack", "import"], {}, state, true);
  }

  /** Starts the command line by which an operator runs `pulumi`, in a process group of its own. */
  start(command: readonly string[]): ChildProcess {
    return spawn(this.pulumi, this.arguments(command), {
      cwd: projectDir,
      env: { ...process.env, ...this.env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Runs a command as it is written, and nothing besides. */
  plain(command: readonly string[]): Promise<RunResult> {
    return this.runOnce(command, {});
  }

  private async ensureExists(): Promise<void> {
    const { stdout } = await this.execute(["stack", "ls", "--json"], { reject: true });
    const known = (JSON.parse(String(stdout)) as { name: string }[]).some(({ name }) => name === this.name);
    if (known) return;
    await this.run(["stack", "init", "--no-select", "--non-interactive"], {}, undefined, true);
    // `init` leaves a configuration file in the checkout that nobody reads: ours is elsewhere.
    await rm(join(projectDir, `Pulumi.${this.name}.yaml`), { force: true });
  }

  private quiet({ show = false }: RunOptions): string[] {
    return ["--non-interactive", "--color", show && process.stderr.isTTY ? "always" : "never"];
  }

  /** Runs a command; where a run that was killed has left its lock, releases that and runs it again. */
  private async run(
    command: readonly string[],
    options: RunOptions,
    input?: string,
    mustSucceed = false,
  ): Promise<RunResult> {
    const left = options.show ? locksOf(this.env.PULUMI_BACKEND_URL, this.name) : [];
    if (left.length > 0 && left.every(isDead)) await this.runOnce(["cancel", "--yes"], {});
    let result = await this.runOnce(command, options, input);
    const locks = result.exitCode === 0 ? [] : locksIn(result.output);
    if (locks.length > 0 && locks.every(isDead)) {
      await this.runOnce(["cancel", "--yes"], {});
      result = await this.runOnce(command, options, input);
    }
    if (mustSucceed && result.exitCode !== 0)
      throw new Error(`pulumi ${command.join(" ")}: ${result.output}`);
    return result;
  }

  private async runOnce(
    command: readonly string[],
    { show = false, args = [], env = {} }: RunOptions,
    input?: string,
  ): Promise<RunResult> {
    const result = await this.execute([...command, ...args], {
      all: true,
      env: { ...this.env, ...env },
      ...(input !== undefined && { input }),
      // Results go to stdout, progress to stderr: a caller's stdout stays readable.
      ...(show && { stdout: [process.stderr, "pipe"], stderr: ["inherit", "pipe"] }),
    });
    return { exitCode: result.exitCode ?? 1, output: String(result.all ?? "") };
  }

  private execute(command: readonly string[], options: Options) {
    return execa(this.pulumi, this.arguments(command), {
      cwd: projectDir,
      env: this.env,
      reject: false,
      ...options,
    });
  }

  private arguments(command: readonly string[]): string[] {
    const [verb = "", noun = ""] = command;
    const takesConfig = ["up", "preview", "refresh", "destroy", "import", "config"].includes(verb);
    return [
      ...command,
      ...(verb === "stack" && noun === "ls" ? [] : ["--stack", this.name]),
      ...(takesConfig ? ["--config-file", this.configFile] : []),
    ];
  }
}
