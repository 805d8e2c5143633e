import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Client {
  readonly client_id: string;
  readonly client_name?: string;
  readonly created_at?: string;
  readonly metadata?: object;
}

interface Answer {
  readonly status: number;
  readonly text?: string;
  readonly location?: string;
}

const json = (status: number, body: unknown): Answer => ({ status, text: JSON.stringify(body) });

/** Hydra, Hera and Kratos in one, with just the routes of the probe; all is well unless told otherwise. */
export class ProbedStandIn {
  /** Hydra's clients, by id. */
  readonly clients = new Map<string, Client>();
  /** Bodies of clients that were made. */
  readonly made: unknown[] = [];
  /** Method and path of every request. */
  readonly asked: string[] = [];
  /** What takes the place of the usual answer, by method and path. */
  readonly instead = new Map<string, Answer>();
  /** Address that a sign-in is led to. */
  loginPage = "https://acme.test/login?login_challenge=challenge";
  url = "";
  readonly #tokens = new Map<string, string>();
  readonly #server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? "/", this.url);
    const called = `${request.method} ${url.pathname}`;
    this.asked.push(called);
    const authorization = request.headers.authorization ?? "";
    const answer =
      this.instead.get(called) ?? this.#answer(called, url, Buffer.concat(chunks).toString(), authorization);
    response.writeHead(answer.status, answer.location === undefined ? {} : { location: answer.location });
    response.end(answer.text);
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(called: string, url: URL, body: string, authorization: string): Answer {
    const id = /^DELETE \/admin\/clients\/(.+)$/.exec(called)?.[1];
    if (id !== undefined) return { status: this.clients.delete(decodeURIComponent(id)) ? 204 : 404 };
    switch (called) {
      case "GET /.well-known/jwks.json":
        return json(200, { keys: [{ kid: "one" }] });
      case "GET /admin/clients":
        return json(
          200,
          [...this.clients.values()].filter(
            ({ client_name }) => client_name === url.searchParams.get("client_name"),
          ),
        );
      case "POST /admin/clients":
        return this.#make(JSON.parse(body));
      case "POST /oauth2/token":
        return this.#give(authorization, new URLSearchParams(body));
      case "POST /admin/oauth2/introspect": {
        const owner = this.#tokens.get(new URLSearchParams(body).get("token") ?? "") ?? "";
        return json(200, { active: this.clients.has(owner), client_id: owner });
      }
      case "GET /oauth2/auth":
        return { status: 302, location: this.loginPage };
      case "GET /login":
        return url.searchParams.get("login_challenge") === "challenge"
          ? { status: 200, text: '<form method="post"><input type="password"></form>' }
          : { status: 200, text: "<p>This sign-in has expired.</p>" };
      case "GET /self-service/login/api":
        return json(200, { id: "flow" });
      default:
        return json(404, { error: "not_found" });
    }
  }

  #make(body: object): Answer {
    this.made.push(body);
    const client = { ...body, client_id: "probe/1", created_at: new Date().toISOString() };
    this.clients.set(client.client_id, client);
    return json(201, { ...client, client_secret: "known+to nobody" });
  }

  #give(authorization: string, form: URLSearchParams): Answer {
    const [id = "", secret = ""] = Buffer.from(authorization.replace(/^Basic /, ""), "base64")
      .toString()
      .split(":")
      .map(decodeURIComponent);
    const isRight = secret === "known+to nobody" && form.get("grant_type") === "client_credentials";
    if (!isRight) return json(401, { error: "invalid_client" });
    this.#tokens.set("given", id);
    return json(200, { access_token: "given" });
  }
}
