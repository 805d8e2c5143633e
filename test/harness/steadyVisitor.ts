import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

export interface Visit {
  readonly answers: number;
  readonly failures: readonly string[];
  /** Connections that were opened in all. */
  readonly connections: number;
}

/**
 * Asks one address again and again over a connection that is kept open, as a browser does, and remembers what
 * went wrong. A request that meets the end of an idle connection is sent once more on a new one: clients do so
 * by the book (RFC 9110, 9.2.2).
 */
export class SteadyVisitor {
  private readonly agent: Agent;
  private readonly url: URL;
  private readonly to: string;
  private readonly failures: string[] = [];
  private readonly sockets = new Set<object>();
  private answers = 0;
  private isDone = false;
  private readonly ended: Promise<void>;

  /**
   * @param authority certificate of Caddy's own authority
   * @param to address of the host; by default this machine's loopback, since names below localhost need no resolver
   */
  constructor(address: string, authority: string, to = "127.0.0.1") {
    this.url = new URL(address);
    this.to = to;
    this.agent = new Agent({ keepAlive: true, maxSockets: 1, ca: authority, servername: this.url.hostname });
    this.ended = this.visit();
  }

  async stop(): Promise<Visit> {
    this.isDone = true;
    await this.ended;
    this.agent.destroy();
    return { answers: this.answers, failures: this.failures, connections: this.sockets.size };
  }

  private async visit(): Promise<void> {
    while (!this.isDone) {
      const fault = (await this.ask()) ?? undefined;
      if (fault === undefined) this.answers++;
      else this.failures.push(fault);
      await sleep(20);
    }
  }

  /** What went wrong, if anything. */
  private ask(retry = true): Promise<string | undefined> {
    const { hostname, port, pathname, host } = this.url;
    return new Promise((resolve) => {
      const call = request({
        host: this.to,
        port,
        path: pathname,
        servername: hostname,
        headers: { host },
        agent: this.agent,
        timeout: 5_000,
      });
      call.on("socket", (socket) => this.sockets.add(socket));
      call.on("timeout", () => call.destroy(new Error("no answer within 5 s")));
      call.on("error", (error) => resolve(retry && call.reusedSocket ? this.ask(false) : error.message));
      call.on("response", (response) => {
        response.resume();
        response.on("end", () =>
          resolve(response.statusCode === 200 ? undefined : `status ${response.statusCode}`),
        );
      });
      call.end();
    });
  }
}
