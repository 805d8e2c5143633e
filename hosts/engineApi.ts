import { Agent, type AgentOptions, request } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { EngineStream } from "./transport.ts";

/** An answer of the engine's, whatever its status. */
export interface EngineReply {
  readonly status: number;
  readonly body: unknown;
}

/** Why there is no answer. */
export class EngineSilent extends Error {
  override readonly name = "EngineSilent";
  /** The system's name of what went wrong, `ENOENT`, where the system has said it. */
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined) {
    super(message);
    this.code = code;
  }
}

/** Connections at once: answers about images in far registries take their time. */
const connections = 4;

/** Asks an engine over connections that somebody else knows how to make. */
export class EngineApi {
  readonly #agent: Agent;
  #complaint = () => "";

  constructor(engine: () => EngineStream) {
    const connect = () => {
      const { stream, complaint } = engine();
      this.#complaint = complaint;
      return stream;
    };
    this.#agent = new StreamAgent(connect, { keepAlive: true, maxSockets: connections });
  }

  /** @throws EngineSilent when nothing answers within the time */
  get(path: string, seconds: number): Promise<EngineReply> {
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(seconds * 1000);
      const silent = (error: NodeJS.ErrnoException) =>
        reject(
          signal.aborted
            ? new EngineSilent(`no answer within ${seconds} s`, "ETIMEDOUT")
            : new EngineSilent(this.#complaint() || error.message, error.code),
        );
      // Docker takes any name for itself; without one HTTP 1.1 is refused.
      const call = request({ agent: this.#agent, host: "engine", path, signal }, async (response) => {
        let text = "";
        try {
          for await (const piece of response.setEncoding("utf8")) text += piece;
          resolve({ status: response.statusCode ?? 0, body: parsed(text) });
        } catch (error) {
          silent(error instanceof Error ? error : new Error(String(error)));
        }
      });
      // The complaint of an ssh that ends comes after the end of its output.
      call.on("error", (error) => setTimeout(() => silent(error), 100)).end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Undefined for what is not JSON: then something else than an engine has answered. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Makes its connections as it is told. */
class StreamAgent extends Agent {
  readonly #connect: () => Duplex;

  constructor(connect: () => Duplex, options: AgentOptions) {
    super(options);
    this.#connect = connect;
  }

  override createConnection(): Duplex {
    const stream = this.#connect();
    return stream instanceof Socket ? stream : Object.assign(stream, socketsAlone);
  }
}

/** What Node's agent calls of any stream when it keeps a connection, and only sockets know. */
const socketsAlone = {
  setKeepAlive: () => {},
  setTimeout: () => {},
  ref: () => {},
  unref: () => {},
};
