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
 * build of the lab, engine and images: Go's build cache holds a package once per set of flags.
 */
export function buildArguments(build: GoBuild): string[] {
  const link = build.packages.map(({ path, variables = {} }) => {
    const values = Object.entries(variables).map(([name, value]) => ` -X ${name}=${value}`);
    return `-ldflags=${path}=-s -w${values.join("")}`;
  });
  return [
    "build",
    "-trimpath",
    "-buildvcs=false",
    // Nobody debugs these executables; without the debugger's tables compiling takes a sixth less.
    "-gcflags=all=-dwarf=false",
    ...link,
    "-o",
    `${build.into}/`,
    ...selection(build),
  ];
}

/** Lists what a build compiles, which makes Go fetch the modules that it lies in, and no others. */
export const listArguments = (build: GoBuild) => ["list", "-deps", ...selection(build)];

const selection = ({ packages, tags = [], modFile }: GoBuild) => [
  // Only the modules that go.sum vouches for, and no file of the repository is rewritten on the way.
  "-mod=readonly",
  ...(tags.length > 0 ? [`-tags=${tags.join(",")}`] : []),
  ...(modFile ? [`-modfile=${modFile}`] : []),
  ...packages.map(({ path }) => path),
];

export const environment = {
  CGO_ENABLED: "0", // no C compiler needed
  GOWORK: "off", // a workspace above this checkout must not change versions
  GOGC: "400", // the compiler trades memory for a twelfth of its time
};
