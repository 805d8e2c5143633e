import { execFileSync } from "node:child_process";
import { UsageError } from "./command.ts";

/** Files of a project as a git revision has them. */
export interface Revision {
  /** As the caller wrote it, `origin/main`. */
  readonly name: string;
  /** Text of a file by its path from the project's folder; undefined when the revision has none. */
  readonly read: (path: string) => string | undefined;
  /** Names of the files in the project's folder, without those below. */
  readonly names: readonly string[];
}

/** The largest file that is read; a fleet of 2,000 tenants has less than one MiB. */
const maxBytes = 64 * 1024 * 1024;

/**
 * The environment without what git hands to its hooks: with `GIT_DIR` set, git would read that repository, whatever the
 * folder, and every tenant of another one would look new.
 */
function ownRepository(): NodeJS.ProcessEnv {
  const handedOn =
    /^GIT_(DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE|PREFIX|CEILING_DIRECTORIES)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !handedOn.test(name)));
}

/** @throws UsageError when git does not know the revision */
export function revision(project: string, name: string): Revision {
  const git = (...args: string[]) =>
    // Arguments go to the program as they are: no shell reads a revision or a path.
    execFileSync("git", args, {
      cwd: project,
      env: ownRepository(),
      encoding: "utf8",
      maxBuffer: maxBytes,
      stdio: ["ignore", "pipe", "pipe"],
    });
  const commit = commitOf(git, name);
  const listing = git("ls-tree", "-z", "--name-only", commit, "./");
  return {
    name,
    names: listing
      .split("\0")
      .filter(Boolean)
      .map((path) => path.split("/").at(-1) ?? path),
    read: (path) => {
      try {
        // `./` counts from the working directory, which may lie below the repository's root.
        return git("show", `${commit}:./${path}`);
      } catch {
        return undefined;
      }
    },
  };
}

/** The full hash; after this nothing that the caller wrote reaches git. */
function commitOf(git: (...args: string[]) => string, name: string): string {
  try {
    return git("rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`).trim();
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    const remedy = name.includes("/")
      ? `Fetch it: git fetch ${name.replace("/", " ")}`
      : "Write a branch, tag or commit that this clone has; in CI, check out with the whole history.";
    throw new UsageError(
      [`--against ${name}: git does not know this revision. ${remedy}`, said].filter(Boolean).join("\n"),
    );
  }
}
