import { execa } from "execa";
import type { SiteVisitor } from "../../../lab/hosts/visitor.ts";

/** One request of a visitor's, down to the bytes before it. */
export interface Call {
  readonly scheme: "http" | "https";
  /** Address that is called, whatever the name. */
  readonly to: string;
  readonly port?: number;
  /** Name in the TLS handshake; null for a handshake without one. Default: `host`. */
  readonly sni?: string | null;
  /** Default: no Host header but the address. */
  readonly host?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes that are sent first, before TLS, in base64. */
  readonly before?: string;
  /** Authority that the certificate is held against; never a reason to give up. */
  readonly authority?: string;
  /** Default 15,000. */
  readonly patienceMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** Of HTTPS: whether `authority` vouches for the certificate under this name. */
  readonly isTrusted: boolean;
  /** Names in the certificate. */
  readonly names: string;
  readonly ms: number;
  /** Why there was no answer; then `status` is 0. */
  readonly error?: string;
}

/** Reads calls from stdin and makes them one after the other, each on a connection of its own. */
const script = `
const net = require("node:net"), tls = require("node:tls"), http = require("node:http");
const one = (call) => new Promise((done) => {
  const start = Date.now();
  const end = (answer) => {
    clearTimeout(timer);
    raw.destroy();
    done({ status: 0, headers: {}, text: "", isTrusted: false, names: "", ...answer, ms: Date.now() - start });
  };
  const timer = setTimeout(() => end({ error: "no answer in time" }), call.patienceMs ?? 15000);
  const raw = net.connect({ host: call.to, port: call.port ?? (call.scheme === "https" ? 443 : 80) });
  raw.on("error", (error) => end({ error: error.code ?? error.message }));
  raw.on("close", () => end({ error: "closed without an answer" }));
  raw.on("connect", () => {
    if (call.before) raw.write(Buffer.from(call.before, "base64"));
    if (call.scheme === "http") return ask(raw, {});
    const servername = call.sni === null ? undefined : (call.sni ?? call.host);
    const options = { socket: raw, ca: call.authority, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] };
    const secure = tls.connect({ ...options, servername }, () => {
      const isTrusted = Boolean(call.authority) && secure.authorized;
      ask(secure, { isTrusted, names: secure.getPeerCertificate().subjectaltname ?? "" });
    });
    secure.on("error", (error) => end({ error: error.code ?? error.message }));
  });
  const ask = (socket, seen) => {
    const headers = { host: call.host ?? call.to, ...call.headers };
    const options = { createConnection: () => socket, method: call.method ?? "GET", path: call.path ?? "/", headers };
    const request = http.request(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => { text += part; });
      response.on("end", () => end({ ...seen, status: response.statusCode, headers: response.headers, text }));
    });
    request.on("error", (error) => end({ ...seen, error: error.code ?? error.message }));
    request.end();
  };
});
(async () => {
  const answers = [];
  for (const call of JSON.parse(require("node:fs").readFileSync(0, "utf8"))) answers.push(await one(call));
  process.stdout.write(JSON.stringify(answers));
})();
`;

/** Makes calls from a visitor's machine, one after the other. */
export async function calls(visitor: SiteVisitor, list: readonly Call[]): Promise<Answer[]> {
  const [command, args] = visitor.at(process.execPath, "-e", script);
  const { stdout } = await execa(command, args, { input: JSON.stringify(list) });
  return JSON.parse(stdout);
}

export async function call(visitor: SiteVisitor, one: Call): Promise<Answer> {
  const [answer] = await calls(visitor, [one]);
  if (answer === undefined) throw new Error("no answer at all");
  return answer;
}

/** A PROXY header (version 2, TCP over IPv4) that claims that the connection comes from `address`. */
export function proxyHeader(address: string): string {
  const signature = Buffer.from("0d0a0d0a000d0a515549540a", "hex");
  const bytes = (ip: string) => Buffer.from(ip.split(".").map(Number));
  const command = Buffer.from([0x21, 0x11, 0, 12]);
  const ports = Buffer.from([0x9c, 0x40, 0x01, 0xbb]);
  return Buffer.concat([signature, command, bytes(address), bytes("203.0.113.1"), ports]).toString("base64");
}

/** The same as version 1 writes it. */
export const proxyLine = (address: string): string =>
  Buffer.from(`PROXY TCP4 ${address} 203.0.113.1 40000 443\r\n`).toString("base64");
