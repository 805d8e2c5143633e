import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import language, { type ProgramInfo, type RunRequest } from "@pulumi/pulumi/proto/language_pb.js";

/** Exit code by which the SDK's runner says that it has told the user already what went wrong. */
const toldTheUser = 32;

/** `runtime.options` of Pulumi.yaml, as far as they matter for a run. */
interface RuntimeOptions {
  readonly typescript: boolean;
  readonly nodeargs: string;
  readonly tsconfig: string;
}

function runtimeOptions(info: ProgramInfo | undefined): RuntimeOptions {
  const options = info?.getOptions()?.toJavaScript() ?? {};
  const text = (key: string) => (typeof options[key] === "string" ? options[key] : "");
  return { typescript: options.typescript !== false, nodeargs: text("nodeargs"), tsconfig: text("tsconfig") };
}

/** Splits a line into words as a shell would; single and double quotes group. */
export function words(line: string): string[] {
  return [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replace(/["']/g, ""));
}

/** The engine says `project:key` where the SDK wants `project:config:key`. */
export function configVariable(config: Iterable<readonly [string, string]>): string {
  const pairs = [...config].map(([key, value]) => {
    const [project, ...rest] = key.split(":");
    return rest.length === 1 ? [`${project}:config:${rest[0]}`, value] : [key, value];
  });
  return JSON.stringify(Object.fromEntries(pairs));
}

/** Arguments of the SDK's runner, after those of Node itself. */
export function runnerArguments(request: RunRequest, engine: string): string[] {
  const info = request.getInfo();
  const flags = {
    "--monitor": request.getMonitorAddress(),
    "--engine": engine,
    "--organization": request.getOrganization(),
    "--project": request.getProject(),
    "--root-directory": info?.getRootDirectory(),
    "--stack": request.getStack(),
    "--pwd": info?.getProgramDirectory(),
    "--parallel": String(request.getParallel()),
  };
  return [
    ...Object.entries(flags).flatMap(([flag, value]) => (value ? [flag, value] : [])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() || ".",
    ...request.getArgsList(),
  ];
}

function environment(request: RunRequest, options: RuntimeOptions): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PULUMI_CONFIG: configVariable(request.getConfigMap().entries() as Iterable<[string, string]>),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    ...(options.tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig } : {}),
  };
}

/** The one program that a language host runs in its life. */
export class Program {
  #child: ChildProcess | undefined;

  run(request: RunRequest, engine: string): Promise<language.RunResponse> {
    const directory = request.getInfo()?.getProgramDirectory() ?? process.cwd();
    let runner: string;
    try {
      runner = createRequire(join(directory, "index.js")).resolve("@pulumi/pulumi/cmd/run");
    } catch {
      return Promise.resolve(failed(`${directory} has no @pulumi/pulumi. Run npm install there.`));
    }
    const options = runtimeOptions(request.getInfo());
    const argv = [...words(options.nodeargs), runner, ...runnerArguments(request, engine)];
    const child = spawn(process.execPath, argv, {
      env: environment(request, options),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    // Piped rather than inherited: the engine shows what this process writes after the port.
    child.stdout.pipe(process.stdout, { end: false });
    child.stderr.pipe(process.stderr, { end: false });
    return new Promise((done) => {
      child.on("error", (error) => done(failed(`The program did not start: ${error.message}`)));
      child.on("close", (code, signal) => {
        this.#child = undefined;
        if (code === 0) done(new language.RunResponse());
        else if (code === toldTheUser) done(new language.RunResponse().setBail(true));
        else done(failed(`Program exited with non-zero exit code: ${code ?? signal}`));
      });
    });
  }

  /** Asks the program to end, and kills it when it has not after `graceMs`. */
  stop(graceMs: number): Promise<void> {
    const child = this.#child;
    if (!child) return Promise.resolve();
    child.kill("SIGINT");
    const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
    return new Promise((done) => {
      child.once("close", () => {
        clearTimeout(timer);
        done();
      });
    });
  }
}

function failed(why: string): language.RunResponse {
  return new language.RunResponse().setError(why);
}
