import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { caddyfile } from "../../backends/docker/caddy/caddyfile.ts";
import { vhost } from "../../backends/docker/caddy/vhost.ts";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";

import { ensureDocker } from "../../lab/docker/engine.ts";
import { ensureRegistry } from "../../lab/docker/registry.ts";
import { ensureImages } from "../../lab/images/images.ts";
import { config, tenant, host as usualHost } from "../fixtures.ts";
import { CaddyBox } from "./caddyBox.ts";
import { claimEngine, releaseEngine } from "./engineClaim.ts";

export const names = {
  login: "acme.example.org",
  own: "login.acme.test",
  api: "acme-api.example.org",
  admin: "acme-admin.example.org",
  neighbour: "bigcorp.example.org",
} as const;

/** Where visitors of the admin site may come from. */
const adminRange = "198.51.100.0/24";

/** A request as the UI behind the site has seen it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
}

const pagesOfTheUi: Readonly<Record<string, string>> = {
  "/login": "<h1>Sign in</h1>",
  "/consent": "<h1>Consent</h1>",
};

/**
 * The sites of a tenant, as a host's Caddy serves them, with nothing of a tenant behind: a UI as Next.js is, which
 * runs an action on whatever path it is sent to, and has two pages.
 */
export class LoginSite {
  readonly caddy: CaddyBox;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly seen: Seen[] = [];
  private readonly engine: string;
  private readonly ui: Server;

  private constructor(engine: string, caddy: CaddyBox, ports: readonly number[]) {
    [this.engine, this.caddy] = [engine, caddy];
    [this.httpPort = 0, this.httpsPort = 0] = ports;
    this.ui = createServer(async (request, response) => {
      const [method, path] = [request.method ?? "", request.url ?? ""];
      this.seen.push({ method, path, headers: request.headers });
      request.on("error", () => {});
      if (path === "/stream") return void this.stream(response);
      const body = await buffer(request).catch(() => Buffer.of());
      const page = pagesOfTheUi[path.split("?")[0] ?? ""];
      response.setHeader("content-type", "text/html");
      if (method !== "GET" && method !== "HEAD") return void response.end(`action with ${body.length} bytes`);
      response.writeHead(page === undefined ? 404 : 200).end(page ?? "404: the UI's own words");
    });
  }

  static async start(): Promise<LoginSite> {
    const engine = (await ensureDocker()).host;
    await claimEngine(engine);
    const { caddy: image } = await ensureImages(await ensureRegistry());
    const caddy = await CaddyBox.start(engine, image, "login-site-test", "host");
    const site = new LoginSite(engine, caddy, await freePorts(2));
    await new Promise<void>((done) => site.ui.listen(0, "127.0.0.1", done));
    await site.serve("edge");
    return site;
  }

  /** @param way `edge`: visitors' addresses come in a PROXY header; `direct`: they are those that connect */
  async serve(way: "edge" | "direct"): Promise<void> {
    const { httpPort, httpsPort } = this;
    const edge = way === "edge" ? { from: ["127.0.0.1/32"], httpsPort } : undefined;
    await this.published("Caddyfile", caddyfile({ httpPort, httpsPort }, config.tls, edge));
    const acme = { domains: [names.own], admin: { email: "a@example.org", allow: [adminRange] } };
    for (const entry of [tenant("acme", acme), tenant("bigcorp")]) {
      const plan = plannedTenant(entry, usualHost, config);
      const routes = plan.routes.map((route) => ({
        ...route,
        from: "127.0.0.1",
        upstream: `127.0.0.1:${this.uiPort}`,
      }));
      await this.published(`sites/${entry.name}.caddy`, vhost({ ...plan, routes }, config.tls));
    }
  }

  get uiPort(): number {
    return (this.ui.address() as AddressInfo).port;
  }

  async published(path: string, content: string): Promise<void> {
    const { exitCode, stderr } = await this.caddy.publish(path, content);
    if (exitCode !== 0) throw new Error(stderr);
  }

  /** One line a second, for longer than any request may take. */
  private async stream(response: ServerResponse): Promise<void> {
    for (let second = 0; second < 36; second++) {
      response.write(`second ${second}\n`);
      await sleep(1000);
    }
    response.end("the end");
  }

  async stop(): Promise<void> {
    this.ui.closeAllConnections();
    this.ui.close();
    await this.caddy.remove();
    await releaseEngine(this.engine);
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createTcpServer();
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
