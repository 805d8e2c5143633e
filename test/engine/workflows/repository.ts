import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { execa } from "execa";
import { projectDir } from "../../../lab/paths.ts";

/** Text by path; what a commit writes. */
export type Edit = Readonly<Record<string, string>>;

/** A commit that a workflow runs on. */
export interface Revision {
  /** `refs/heads/main`, or `refs/pull/7/merge` */
  readonly ref: string;
  readonly sha: string;
}

export interface PullRequest {
  readonly number: number;
  readonly author: string;
  /** `owner/name` of the repository that the change comes from. */
  readonly from: string;
  /** Its newest commit. */
  readonly headSha: string;
  /** What the workflows see: the change merged into main, as GitHub does it. */
  readonly merged: Revision;
}

/** What the repository is called at GitHub. */
export const repositoryName = "we/fleet";

const main = "refs/heads/main";

/**
 * The repository of a team that runs a fleet: this checkout's files, with a stack and tenants of the team's. `origin` is
 * what GitHub has; `clone` belongs to somebody who may push.
 */
export class Repository {
  readonly origin: string;
  readonly clone: string;
  private count = 0;

  private constructor(folder: string) {
    this.origin = join(folder, "origin.git");
    this.clone = join(folder, "clone");
  }

  /** @param folder empty, for both */
  static async create(folder: string): Promise<Repository> {
    const repository = new Repository(folder);
    const left = new Set([".git", "node_modules"]);
    const filter = (path: string) => !left.has(relative(projectDir, path).split("/").at(-1) ?? "");
    await cp(projectDir, repository.clone, { recursive: true, filter });
    await repository.git("init", "--quiet", "--bare", "--initial-branch", "main", repository.origin);
    await repository.git("init", "--quiet", "--initial-branch", "main");
    await repository.git("remote", "add", "origin", repository.origin);
    return repository;
  }

  /** Commits to main what is in the clone and the edit, and pushes it. */
  async push(edit: Edit): Promise<Revision & { readonly before: string }> {
    const before = await this.git("rev-parse", "--verify", "--quiet", "HEAD").catch(() => "0".repeat(40));
    const sha = await this.commit(edit);
    await this.git("push", "--quiet", "origin", "main");
    return { ref: main, sha, before };
  }

  /** The newest commit of main. */
  async main(): Promise<Revision> {
    return { ref: main, sha: await this.git("rev-parse", "main") };
  }

  /** Pushes a branch with one commit on top of main. */
  async branch(name: string, edit: Edit): Promise<Revision> {
    await this.git("checkout", "--quiet", "-b", name);
    const sha = await this.commit(edit);
    await this.git("push", "--quiet", "origin", name);
    await this.git("checkout", "--quiet", "main");
    return { ref: `refs/heads/${name}`, sha };
  }

  /** Opens a pull request with one commit on top of main. */
  async open(edit: Edit, who: Pick<PullRequest, "author" | "from">): Promise<PullRequest> {
    const number = ++this.count;
    const merged = `refs/pull/${number}/merge`;
    await this.git("checkout", "--quiet", "-b", `edit-${number}`);
    const headSha = await this.commit(edit);
    // A fork's branch is in the fork, and here only as a pull request.
    const branches = who.from === repositoryName ? [`edit-${number}`] : [];
    await this.git("push", "--quiet", "origin", `HEAD:refs/pull/${number}/head`, ...branches);
    await this.git("checkout", "--quiet", "--detach", "main");
    await this.git("merge", "--quiet", "--no-ff", "--no-edit", headSha);
    const sha = await this.git("rev-parse", "HEAD");
    await this.git("push", "--quiet", "origin", `HEAD:${merged}`);
    await this.git("checkout", "--quiet", "main");
    return { ...who, number, headSha, merged: { ref: merged, sha } };
  }

  private async commit(edit: Edit): Promise<string> {
    for (const [path, text] of Object.entries(edit)) {
      const file = join(this.clone, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message", "An edit");
    return this.git("rev-parse", "HEAD");
  }

  private async git(...args: readonly string[]): Promise<string> {
    return (await execa("git", args, { cwd: this.clone, env: this.gitEnv, extendEnv: false })).stdout;
  }

  /** Somebody without settings of their own; nor is it the hook of another repository that runs this. */
  private get gitEnv(): Record<string, string | undefined> {
    const [name, email] = ["Somebody", "somebody@olympus.test"];
    return {
      PATH: process.env.PATH,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      ...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email },
      ...{ GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email },
    };
  }
}
