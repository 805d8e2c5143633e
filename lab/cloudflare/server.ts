import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, Refusal } from "./answer.ts";
import { type ApiState, answer, type TokenRights } from "./api.ts";
import type { LabZone } from "./zone.ts";

const base = "/client/v4";
/** What the real one allows a token. */
const usualLimit = { requests: 1200, seconds: 300 };

/** One request that has been answered. */
export interface Call {
  readonly method: string;
  /** Below `/client/v4`, with its query. */
  readonly path: string;
  readonly status: number;
}

/**
 * Cloudflare's API for DNS records on a port of this machine's loopback: it refuses what the real one refuses, so
 * that what passes here passes there. Point the provider to `url` (CLOUDFLARE_BASE_URL).
 */
export class LabCloudflare {
  readonly url: string;
  /** In the order of answers. */
  readonly calls: Call[] = [];
  private readonly server: Server;
  private readonly state: ApiState;
  private limit = usualLimit;
  private spent: number[] = [];
  private outage: number | undefined;

  private constructor(server: Server, state: ApiState) {
    this.server = server;
    this.state = state;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`;
    server.on("request", (request, response) => void this.serve(request, response));
  }

  static async start(
    zones: readonly LabZone[],
    tokens: Readonly<Record<string, TokenRights>>,
  ): Promise<LabCloudflare> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new LabCloudflare(server, { zones, tokens: new Map(Object.entries(tokens)) });
  }

  /** Allows fewer requests than the real one's 1200 in five minutes. */
  throttle(requests: number, seconds: number): void {
    this.limit = { requests, seconds };
  }

  /** Answers every request with this status and no JSON, as an outage does; undefined ends it. */
  fail(status: number | undefined): void {
    this.outage = status;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", headers } = request;
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    url.pathname = url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : "/";
    let body = "";
    for await (const chunk of request) body += chunk;
    const refused = this.refusedHere();
    const {
      status,
      body: content,
      headers: more,
    } = refused ?? answer({ method, url, headers, body }, this.state);
    this.calls.push({ method, path: url.pathname + url.search, status });
    response.writeHead(status, { "content-type": "application/json", ...more });
    response.end(this.outage === undefined ? JSON.stringify(content) : "error code: 502");
  }

  /** What answers before the API does. */
  private refusedHere(): Answer | undefined {
    if (this.outage !== undefined) return { status: this.outage, body: {} };
    const now = Date.now();
    const since = now - this.limit.seconds * 1000;
    this.spent = this.spent.filter((at) => at > since);
    const [first = now] = this.spent;
    if (this.spent.length >= this.limit.requests) {
      const wait = String(Math.max(1, Math.ceil((first - since) / 1000)));
      const message = "Please wait and consider throttling your request speed";
      return new Refusal(429, [{ code: 971, message }], { "retry-after": wait }).answer();
    }
    this.spent.push(now);
    return undefined;
  }
}
