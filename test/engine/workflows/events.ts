import { type PullRequest, type Revision, repositoryName } from "./repository.ts";

/** What GitHub tells a workflow about its event: of each payload the fields that ours read. */

const repository = { full_name: repositoryName, default_branch: "main" };

export const opened = ({ number, author, from, headSha }: PullRequest) => ({
  action: "opened",
  number,
  pull_request: {
    number,
    user: { login: author },
    head: { sha: headSha, repo: { full_name: from } },
    base: { ref: "main", repo: repository },
  },
  repository,
});

export const pushed = ({ ref, sha, before }: Revision & { readonly before: string }) => ({
  ref,
  before,
  after: sha,
  repository,
});

/** The end of a run of plan.yml for a pull request. */
export const completed = (
  { headSha, from }: PullRequest,
  run: { readonly id: string; readonly conclusion: string; readonly event?: string },
) => ({
  action: "completed",
  workflow_run: {
    id: Number(run.id),
    event: run.event ?? "pull_request",
    conclusion: run.conclusion,
    head_sha: headSha,
    head_repository: { full_name: from },
    html_url: `https://github.com/${repositoryName}/actions/runs/${run.id}`,
  },
  repository,
});

/** Neither a person nor a commit: the clock, or somebody's click on "Run workflow". */
export const started = { repository };
