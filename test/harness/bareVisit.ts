import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { type TLSSocket, connect as tlsConnect } from "node:tls";

/** A request as it goes over the wire: no client library to clean it up. */
export interface BareRequest {
  readonly name: string;
  readonly port: number;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: an empty one. */
  readonly body?: string;
  /** Whose visit an edge says that it is, in a PROXY header. Default: no header. */
  readonly from?: string;
  readonly isHttp2?: boolean;
}

export interface BareAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A connection to this machine with TLS on it, as a visitor or as an edge opens it. */
export async function secured({ name, port, from, isHttp2 }: BareRequest): Promise<TLSSocket> {
  const raw: Socket = connect({ host: "127.0.0.1", port });
  await new Promise((done, failed) => raw.once("connect", done).once("error", failed));
  if (from !== undefined) {
    const [family, to] = from.includes(":") ? ["TCP6", "2001:db8:ffff::1"] : ["TCP4", "203.0.113.1"];
    raw.write(`PROXY ${family} ${from} ${to} 40000 443\r\n`);
  }
  // What is tried here is Caddy's answers; its certificate is its own.
  const options = { socket: raw, servername: name, rejectUnauthorized: false };
  const socket = tlsConnect({ ...options, ALPNProtocols: [isHttp2 ? "h2" : "http/1.1"] });
  await new Promise((done, failed) => socket.once("secureConnect", done).once("error", failed));
  return socket;
}

export const head = ({ name, method = "GET", path = "/", headers = {} }: BareRequest, length: number) =>
  [
    `${method} ${path} HTTP/1.1`,
    `Host: ${name}`,
    "Connection: close",
    `Content-Length: ${length}`,
    ...Object.entries(headers).map(([key, value]) => `${key}: ${value}`),
    "\r\n",
  ].join("\r\n");

export async function bareVisit(request: BareRequest): Promise<BareAnswer> {
  const socket = await secured(request);
  if (request.isHttp2) return http2Visit(request, socket);
  const { body = "" } = request;
  socket.write(head(request, body.length) + body);
  return answerOf((await buffer(socket)).toString());
}

/** A chunked body without the lines that tell each part's length. Its bytes are ASCII here. */
function withoutSizes(body: string): string {
  const [, digits = "0"] = /^([0-9a-f]+)\r\n/i.exec(body) ?? [];
  const [size, start] = [Number.parseInt(digits, 16), digits.length + 2];
  return size === 0 ? "" : body.slice(start, start + size) + withoutSizes(body.slice(start + size + 2));
}

export function answerOf(text: string): BareAnswer {
  const [lines = "", ...rest] = text.split("\r\n\r\n");
  const [first = "", ...fields] = lines.split("\r\n");
  const headers = fields.map((field) => {
    const [key = "", ...value] = field.split(": ");
    return [key.toLowerCase(), value.join(": ")];
  });
  const found: Record<string, string> = Object.fromEntries(headers);
  const body = rest.join("\r\n\r\n");
  const isChunked = found["transfer-encoding"] === "chunked";
  return { status: Number(first.split(" ")[1]), headers: found, text: isChunked ? withoutSizes(body) : body };
}

async function http2Visit(
  { name, method = "GET", path = "/", headers = {}, body = "" }: BareRequest,
  socket: TLSSocket,
) {
  const session = connectHttp2(`https://${name}`, { createConnection: () => socket });
  try {
    const isEmpty = body === "";
    const stream = session.request({ ...headers, ":method": method, ":path": path }, { endStream: isEmpty });
    const answered = new Promise<Record<string, unknown>>((done, failed) =>
      stream.once("response", done).once("error", failed),
    );
    if (!isEmpty) stream.end(body);
    const { ":status": status, ...fields } = await answered;
    const text = (await buffer(stream)).toString();
    const plain = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]));
    return { status: Number(status), headers: plain, text };
  } finally {
    session.destroy();
  }
}
