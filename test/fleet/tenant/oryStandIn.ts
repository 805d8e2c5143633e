import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface StandInClient {
  client_id: string;
  created_at?: string;
  metadata?: Record<string, unknown>;
}

export interface StandInIdentity {
  id: string;
  schema_id: string;
  state: string;
  created_at: string;
  traits: { email: string; role?: string };
  metadata_admin?: Record<string, unknown>;
  credentials?: { password: { config: { password: string } } };
}

/** A Kratos and a Hydra that remember, with just the routes of the bootstrap step. */
export class OryStandIn {
  identities: StandInIdentity[] = [];
  readonly clients = new Map<string, StandInClient>();
  /** Method and path of every request that changes something of Kratos's or Hydra's. */
  writes: string[] = [];
  /** What every request gets instead of an answer. */
  refuse: { status: number; body: string } | undefined;
  /** Clients on a page, whatever the caller asks for. */
  pageSize = 100;
  /** Hydra before 2.3 names a next page behind the last one, too. */
  hasEndlessPages = false;
  /** Whether Kratos refuses to make an identity, because another one has the address. */
  conflicts = false;
  url = "";
  readonly #server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
    const method = request.method ?? "GET";
    const url = new URL(request.url ?? "/", this.url);
    if (method !== "GET" && url.pathname.startsWith("/admin")) this.writes.push(`${method} ${url.pathname}`);
    const { status, json, headers = {} } = this.#answer(method, url, body);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof json === "string" ? json : json === undefined ? "" : JSON.stringify(json));
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(method: string, url: URL, body: unknown): Answer {
    if (this.refuse) return { status: this.refuse.status, json: this.refuse.body };
    if (url.pathname.startsWith("/self-service")) return this.#signIn(method, url, body as SignIn);
    if (url.pathname.startsWith("/admin/identities")) {
      return this.#identity(method, url, body as StandInIdentity);
    }
    return this.#client(method, url, body as StandInClient);
  }

  #signIn(method: string, url: URL, body: SignIn): Answer {
    if (method === "GET") return { status: 200, json: { id: "flow" } };
    if (method === "DELETE") return { status: 204 };
    if (url.searchParams.get("flow") !== "flow") return { status: 410 };
    const known = this.identities.find(({ traits }) => traits.email === body.identifier);
    const isRight = known?.credentials?.password.config.password === body.password;
    return isRight ? { status: 200, json: { session_token: "token" } } : { status: 400 };
  }

  #identity(method: string, url: URL, body: StandInIdentity): Answer {
    if (method === "GET") {
      const email = url.searchParams.get("credentials_identifier");
      const found = this.identities.filter(({ traits }) => traits.email === email?.toLowerCase());
      return { status: 200, json: found.map(({ credentials, ...shown }) => shown) };
    }
    const id = url.pathname.split("/")[3];
    if (method === "POST") {
      if (this.conflicts) return { status: 409, json: { error: { reason: "conflicts" } } };
      this.identities.push({ ...body, id: "new", created_at: "2026-11-01T10:00:00Z" });
      return { status: 201, json: body };
    }
    this.identities = this.identities.map((one) => (one.id === id ? { ...one, ...body } : one));
    return { status: 200, json: body };
  }

  #client(method: string, url: URL, body: StandInClient): Answer {
    const id = /\/admin\/clients\/(.+)/.exec(url.pathname)?.[1];
    if (id && method === "PUT" && !this.clients.has(id)) return { status: 404, json: { error: "not found" } };
    if (id && method === "DELETE") {
      this.clients.delete(id);
      return { status: 204 };
    }
    if (method === "GET") return this.#page(Number(url.searchParams.get("page_token") ?? 0));
    this.clients.set(body.client_id, { created_at: "2026-11-01T10:00:00Z", ...body });
    return { status: 200, json: body };
  }

  #page(start: number): Answer {
    const next = start + this.pageSize;
    const hasNext = this.hasEndlessPages || next < this.clients.size;
    const first = `</admin/clients?page_size=${this.pageSize}>; rel="first"`;
    const link = hasNext ? `${first},</admin/clients?page_size=500&page_token=${next}>; rel="next"` : first;
    return { status: 200, json: [...this.clients.values()].slice(start, next), headers: { link } };
  }
}

interface Answer {
  readonly status: number;
  readonly json?: unknown;
  readonly headers?: Record<string, string>;
}

interface SignIn {
  readonly identifier: string;
  readonly password: string;
}
