import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What Hydra sends a person back with: `code`, or `error`. */
export type Returned = Readonly<Record<string, string>>;

/** An application of a tenant, on loopback: the place where people come back to with a code. */
export class Application {
  readonly redirectUri: string;
  private readonly returned: Returned[] = [];
  private readonly server;

  private constructor(server: ReturnType<typeof createServer>) {
    this.server = server;
    this.redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  }

  static async start(): Promise<Application> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const application = new Application(server);
    server.on("request", (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", application.redirectUri);
      if (pathname === "/callback") application.returned.push(Object.fromEntries(searchParams));
      response
        .writeHead(pathname === "/callback" ? 200 : 404, { "content-type": "text/html" })
        .end("<!doctype html><title>Application</title><h1 id=title>Back at the application</h1>");
    });
    return application;
  }

  /** What somebody came back with who had left with this `state`. */
  answerFor(state: string): Returned | undefined {
    return this.returned.find((answer) => answer.state === state);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
