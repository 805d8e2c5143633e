/** What is in a repository at GitHub beside its files, in the words of its REST API. */

export interface Comment {
  readonly id: number;
  /** Of the pull request or issue. */
  readonly number: number;
  readonly user: { readonly login: string };
  body: string;
}

export interface Issue {
  readonly number: number;
  readonly title: string;
  body: string;
  state: "open" | "closed";
  readonly labels: readonly { readonly name: string }[];
}

/** What GitHub notes when a job with an environment runs. */
export interface Deployment {
  readonly environment: string;
  readonly sha: string;
  readonly state: string;
}

export interface Artefact {
  readonly name: string;
  readonly size_in_bytes: number;
}

export interface GitHubState {
  readonly pulls: Map<number, object>;
  readonly comments: Comment[];
  readonly issues: Issue[];
  readonly labels: { readonly name: string }[];
  /** The newest last. */
  readonly deployments: Deployment[];
  /** By run. */
  artefacts(run: string): Promise<readonly Artefact[]>;
}

/** Who the token of a workflow writes as. */
export const bot = "github-actions[bot]";

/** By permission of a job: `read` or `write`. */
export type Rights = Readonly<Record<string, string>>;

export interface Request {
  readonly method: string;
  /** Below the repository: `issues/7/comments`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly rights: Rights;
}

export class Failure extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Handler = (state: GitHubState, request: Request, id: number) => unknown;

interface Route {
  readonly at: RegExp;
  /** One of them is needed; a read is granted by a write, too. */
  readonly needs: readonly `${string}:${"read" | "write"}`[];
  readonly answer: Handler;
}

const readsTalk = ["issues:read", "pull-requests:read"] as const;
const writesTalk = ["issues:write", "pull-requests:write"] as const;
const text = (value: unknown): string => {
  if (typeof value !== "string" || value === "" || value.length > 65_536)
    throw new Failure(422, "Validation Failed");
  return value;
};
const known = <T>(found: T | undefined): T => {
  if (found === undefined) throw new Failure(404, "Not Found");
  return found;
};
const page = <T>(all: readonly T[], query: URLSearchParams): T[] => {
  const size = Number(query.get("per_page") ?? 30);
  const first = (Number(query.get("page") ?? 1) - 1) * size;
  return all.slice(first, first + size);
};

/** The permission that each one needs is from GitHub's list "Permissions required for GitHub Apps". */
const routes: readonly Route[] = [
  {
    at: /^GET pulls\/(\d+)$/,
    needs: ["pull-requests:read"],
    answer: ({ pulls }, _, number) => known(pulls.get(number)),
  },
  {
    at: /^GET actions\/runs\/(\d+)\/artifacts$/,
    needs: ["actions:read"],
    answer: async (state, { query }, run) => {
      const all = await state.artefacts(String(run));
      const artifacts = all.filter(({ name }) => name === (query.get("name") ?? name));
      return { total_count: artifacts.length, artifacts };
    },
  },
  {
    at: /^GET deployments$/,
    needs: ["deployments:read"],
    answer: ({ deployments }, { query }) => {
      const all = deployments.map(({ environment, sha }, id) => ({
        id,
        environment,
        sha,
        creator: { login: bot },
      }));
      return page(all.filter(({ environment }) => environment === query.get("environment")).reverse(), query);
    },
  },
  {
    at: /^GET deployments\/(\d+)\/statuses$/,
    needs: ["deployments:read"],
    answer: ({ deployments }, { query }, id) => page([{ id: 0, state: known(deployments[id]).state }], query),
  },
  {
    at: /^GET issues\/(\d+)\/comments$/,
    needs: readsTalk,
    answer: ({ comments }, { query }, number) =>
      page(
        comments.filter((comment) => comment.number === number),
        query,
      ),
  },
  {
    at: /^POST issues\/(\d+)\/comments$/,
    needs: writesTalk,
    answer: ({ comments }, { body }, number) => {
      const id = 1000 + comments.length;
      comments.push({ id, number, user: { login: bot }, body: text(body.body) });
      return { id };
    },
  },
  {
    at: /^PATCH issues\/comments\/(\d+)$/,
    needs: writesTalk,
    answer: ({ comments }, { body }, id) => {
      known(comments.find((comment) => comment.id === id)).body = text(body.body);
      return { id };
    },
  },
  {
    at: /^GET labels$/,
    needs: readsTalk,
    answer: ({ labels }, { query }) => page(labels, query),
  },
  {
    at: /^POST labels$/,
    needs: writesTalk,
    answer: ({ labels }, { body }) => labels.push({ name: text(body.name) }),
  },
  {
    at: /^GET issues$/,
    needs: ["issues:read"],
    answer: ({ issues }, { query }) =>
      page(
        issues.filter(
          ({ state, labels }) =>
            state === query.get("state") && labels.some(({ name }) => name === query.get("labels")),
        ),
        query,
      ),
  },
  {
    at: /^POST issues$/,
    needs: ["issues:write"],
    answer: ({ issues, labels }, { body }) => {
      const own = labels.filter(({ name }) => Array.isArray(body.labels) && body.labels.includes(name));
      const number = 500 + issues.length;
      issues.push({ number, title: text(body.title), body: text(body.body), state: "open", labels: own });
      return { number };
    },
  },
  {
    at: /^PATCH issues\/(\d+)$/,
    needs: writesTalk,
    answer: ({ issues }, { body }, number) => {
      const issue = known(issues.find((candidate) => candidate.number === number));
      if (body.body !== undefined) issue.body = text(body.body);
      if (body.state === "closed") issue.state = "closed";
      return { number };
    },
  },
];

/** @throws Failure with GitHub's status and message */
export function answer(state: GitHubState, request: Request): unknown {
  for (const { at, needs, answer } of routes) {
    const [all, id] = at.exec(`${request.method} ${request.path}`) ?? [];
    if (all === undefined) continue;
    if (!needs.some((need) => grants(request.rights, need))) {
      throw new Failure(403, "Resource not accessible by integration");
    }
    return answer(state, request, Number(id));
  }
  throw new Failure(404, "Not Found");
}

function grants(rights: Rights, need: string): boolean {
  const [permission = "", level] = need.split(":");
  return rights[permission] === "write" || rights[permission] === level;
}
