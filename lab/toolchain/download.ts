import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { Agent, type Dispatcher, fetch, ProxyAgent, type Response } from "undici";

/** What is asked for cannot be had from here; the message is the reason, for people. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}

/** How long to wait, in seconds. */
export interface Patience {
  /** Until a small file is here: enough to find out that a site cannot be reached. */
  readonly answer: number;
  /** Without a byte in the middle of a large file. */
  readonly pause: number;
  /** For a large file as a whole. */
  readonly whole: number;
}

/** Reads a small file. */
export async function fetchText(url: string, patience: Patience): Promise<string> {
  return get(url, patience, patience.answer, (response) => response.text());
}

/**
 * Writes a large file to `path`, and returns the SHA-256 of what came, in hexadecimal. A connection that ends early is
 * an error, not a short file.
 */
export async function fetchFile(url: string, path: string, patience: Patience): Promise<string> {
  const hash = createHash("sha256");
  await get(url, patience, patience.whole, async ({ body }) => {
    if (!body) throw new Unavailable(`${url} is empty`);
    const hashed = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(body, hashed, createWriteStream(path));
  });
  return hash.digest("hex");
}

async function get<T>(
  url: string,
  patience: Patience,
  seconds: number,
  use: (response: Response) => Promise<T>,
): Promise<T> {
  let dispatcher: Dispatcher | undefined;
  try {
    dispatcher = route(url, patience);
    const response = await fetch(url, { dispatcher, signal: AbortSignal.timeout(seconds * 1000) });
    if (!response.ok) throw new Unavailable(`${url} answers ${response.status}`);
    return await use(response);
  } catch (error) {
    if (error instanceof Unavailable || isDiskFull(error)) throw error;
    throw new Unavailable(`${url}: ${reason(error)}`);
  } finally {
    await dispatcher?.destroy();
  }
}

/** By the proxy that curl, Go and npm take too; Node 20's own fetch takes none. */
function route(url: string, patience: Patience): Dispatcher {
  const written = process.env.https_proxy || process.env.HTTPS_PROXY;
  // curl and Go take `proxy.corp:3128` as well.
  const proxy = written && /^[a-z0-9+.-]+:\/\//i.test(written) ? written : written && `http://${written}`;
  const limits = { headersTimeout: patience.answer * 1000, bodyTimeout: patience.pause * 1000 };
  const connect = { timeout: patience.answer * 1000 };
  return proxy && url.startsWith("https:")
    ? new ProxyAgent({ uri: proxy, ...limits, proxyTls: connect, requestTls: connect })
    : new Agent({ ...limits, connect });
}

/** A fault of this machine, not of the site. */
const isDiskFull = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOSPC";

/** fetch says "fetch failed", and why in what caused it. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (/Timeout/.test(error.name)) return "no answer in time";
  if (error.cause instanceof Error) return reason(error.cause);
  // Where a name has several addresses, each has its own fault.
  return error instanceof AggregateError ? reason(error.errors[0]) : error.message;
}
