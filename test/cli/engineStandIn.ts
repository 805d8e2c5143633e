import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { engineAnswers } from "../reports/doctor/healthy.ts";

/** Answers by the beginning of the path. */
export type Answers = Readonly<Record<string, { readonly status?: number; readonly body: unknown }>>;

const usual: Answers = {
  "/version": { body: engineAnswers.version },
  "/info": { body: engineAnswers.info },
  "/networks": { body: engineAnswers.networks },
  "/containers/json": { body: engineAnswers.containers },
  "/volumes": { body: engineAnswers.volumes },
  "/images/json": { body: engineAnswers.images },
  "/distribution/": { body: { Platforms: [{ os: "linux", architecture: "amd64" }] } },
};

/** An engine of which nothing is real but its socket and its answers, which are recorded ones. */
export class EngineStandIn {
  readonly address: string;
  /** Paths that were asked, in order. */
  readonly asked: string[] = [];
  answers: Answers = usual;
  readonly #server: Server;

  private constructor(socket: string) {
    this.address = `unix://${socket}`;
    this.#server = createServer((request, response) => {
      const path = request.url ?? "";
      this.asked.push(path);
      const answer = Object.entries(this.answers).find(([start]) => path.startsWith(start))?.[1];
      if (answer === undefined) return;
      response.writeHead(answer.status ?? 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer.body));
    });
  }

  static async start(folder: string): Promise<EngineStandIn> {
    const socket = join(folder, "engine.sock");
    const engine = new EngineStandIn(socket);
    await new Promise<void>((resolve) => engine.#server.listen(socket, resolve));
    return engine;
  }

  /** Answers otherwise, or not at all where it is `undefined`. */
  answer(path: string, body: unknown, status = 200): void {
    this.answers = { ...this.answers, [path]: { body, status } };
  }

  end(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
