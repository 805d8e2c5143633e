import { execa } from "execa";
import { LabError } from "../progress.ts";

/** What to compile: packages of a module, each with the linker's flags for its main package. */
export interface GoBuild {
  /** Folder of the module. */
  readonly module: string;
  readonly packages: readonly GoPackage[];
  readonly tags?: readonly string[];
  /** Another go.mod than that of the module. */
  readonly modFile?: string;
  /** An existing folder for the executables. */
  readonly into: string;
}

export interface GoPackage {
  readonly path: string;
  /** Values for string variables, by qualified name: `main.version`. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * One invocation for all packages, so that what they share is compiled once. The flags are the same for every
 * build of the lab: Go's build cache holds a package once per set of flags.
 */
export function buildArguments({ packages, tags = [], modFile, into }: GoBuild): string[] {
  const link = packages.map(({ path, variables = {} }) => {
    const values = Object.entries(variables).map(([name, value]) => ` -X ${name}=${value}`);
    return `-ldflags=${path}=-s -w${values.join("")}`;
  });
  return [
    "build",
    "-trimpath",
    // Only the modules that go.sum vouches for, and no file of the repository is rewritten on the way.
    "-mod=readonly",
    "-buildvcs=false",
    // Nobody debugs these executables; without the debugger's tables compiling takes a sixth less.
    "-gcflags=all=-dwarf=false",
    ...(tags.length > 0 ? [`-tags=${tags.join(",")}`] : []),
    ...(modFile ? [`-modfile=${modFile}`] : []),
    ...link,
    "-o",
    `${into}/`,
    ...packages.map(({ path }) => path),
  ];
}

const environment = {
  CGO_ENABLED: "0", // no C compiler needed
  GOWORK: "off", // a workspace above this checkout must not change versions
  GOGC: "400", // the compiler trades memory for a twelfth of its time
};

/**
 * Lets Go itself check that it is there and new enough for the module.
 *
 * @param instead what else the reader can do, after "Install it from …"
 */
export async function requireGo(
  module: string,
  instead = ", or put an official pulumi on PATH",
): Promise<void> {
  const remedy = `Install it from https://go.dev/dl${instead}`;
  const answer = await execa("go", ["env", "GOVERSION"], { cwd: module, env: environment, reject: false });
  if (answer.code === "ENOENT") throw new LabError(`Go is not on PATH. ${remedy}.`);
  if (answer.failed) throw new LabError(`Go is too old: ${lastLines(answer.stderr, 1)}. ${remedy}.`);
}

export async function goBuild(build: GoBuild): Promise<void> {
  const result = await execa("go", buildArguments(build), {
    cwd: build.module,
    env: environment,
    reject: false,
  });
  if (result.failed) {
    throw new LabError(`go build in ${build.module} failed:\n${lastLines(result.stderr, 20)}`);
  }
}

/** The version that a go.mod requires of a module. */
export function requiredVersion(goMod: string, module: string): string {
  const line = goMod.split("\n").find((text) =>
    text
      .trim()
      .replace(/^require /, "")
      .startsWith(`${module} v`),
  );
  const version = line?.match(/ (v\S+)/)?.[1];
  if (!version) throw new Error(`go.mod requires no ${module}`);
  return version;
}

/** The end of what a command wrote, without the list of downloads. */
export function lastLines(text: string, count: number): string {
  const lines = text.split("\n").filter((line) => line.trim() && !line.startsWith("go: downloading "));
  return lines.slice(-count).join("\n");
}
