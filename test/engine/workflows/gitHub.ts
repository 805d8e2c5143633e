import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Artefact, answer, Failure, type GitHubState, type Rights } from "./gitHubState.ts";
import { repositoryName } from "./repository.ts";

/** The part of GitHub's REST API that the workflows call, on loopback, for one repository. */
export class GitHub implements GitHubState {
  readonly pulls = new Map<number, object>();
  readonly comments: GitHubState["comments"] = [];
  readonly issues: GitHubState["issues"] = [];
  readonly labels: GitHubState["labels"] = [];
  readonly deployments: GitHubState["deployments"] = [];
  private readonly tokens = new Map<string, Rights>();
  private readonly server = createServer();
  private readonly folder: string;

  /** @param folder where runs leave artefacts: `<run>/<name>/` */
  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(folder: string): Promise<GitHub> {
    const gitHub = new GitHub(folder);
    gitHub.server.on("request", async (request, response) => {
      const { status, body } = await gitHub.reply(request).catch((error: unknown) => {
        if (error instanceof Failure) return { status: error.status, body: { message: error.message } };
        return { status: 500, body: { message: String(error) } };
      });
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    gitHub.server.listen(0, "127.0.0.1");
    await once(gitHub.server, "listening");
    return gitHub;
  }

  /** For GITHUB_API_URL. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A token as a workflow's jobs get it. */
  tokenFor(rights: Rights): string {
    const token = `ghs_${randomBytes(18).toString("hex")}`;
    this.tokens.set(token, rights);
    return token;
  }

  async artefacts(run: string): Promise<Artefact[]> {
    const names = await readdir(join(this.folder, run)).catch(() => []);
    return Promise.all(
      names.map(async (name) => {
        const texts = await this.artefactTexts(`${run}/${name}`);
        return { name, size_in_bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) };
      }),
    );
  }

  /** Every file that a run has left, or one of its artefacts: `101`, `101/plan` */
  async artefactTexts(path: string): Promise<string[]> {
    const at = join(this.folder, path);
    const entries = await readdir(at, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile());
    return Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), "utf8")));
  }

  /** Everything that has been written at issues and pull requests. */
  texts(): string[] {
    return [...this.comments, ...this.issues].map(({ body }) => body);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async reply(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const { pathname, searchParams: query } = new URL(request.url ?? "/", this.url);
    const rights = this.tokens.get(request.headers.authorization?.replace(/^token /, "") ?? "");
    if (rights === undefined) throw new Failure(401, "Bad credentials");
    const prefix = `/repos/${repositoryName}/`;
    if (!pathname.startsWith(prefix)) throw new Failure(404, "Not Found");
    let text = "";
    for await (const chunk of request) text += chunk;
    const body = text === "" ? {} : JSON.parse(text);
    const method = request.method ?? "GET";
    const path = pathname.slice(prefix.length);
    return { status: 200, body: await answer(this, { method, path, query, body, rights }) };
  }
}
