import { execa } from "execa";

/** Visitors as a browser is one: each opens a connection, asks some times over it, and goes. */
const script = `
const tls = require("node:tls");
const { to, port, names, visitors, requests, pauseMs } = JSON.parse(process.argv[1]);
const failures = {}, opened = [], asked = [];
let isOver = false, next = 0;
const fail = (what) => { failures[what] = (failures[what] ?? 0) + 1; };
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const visit = (name) => new Promise((done) => {
  let start = process.hrtime.bigint(), left = requests, answer = "", isFirst = true, step = "handshake";
  const socket = tls.connect({ host: to, port, servername: name, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] });
  const ask = () => socket.write("GET / HTTP/1.1\\r\\nHost: " + name + "\\r\\n\\r\\n");
  const end = (fault) => { if (fault) fail(step + ": " + fault); socket.removeAllListeners("close"); socket.on("error", () => {}); socket.destroy(); done(); };
  socket.setTimeout(10000, () => end("no answer in 10 s"));
  socket.on("secureConnect", () => { step = "first request"; ask(); });
  socket.setEncoding("utf8").on("data", (text) => {
    answer += text;
    if (!answer.endsWith("}")) return;
    const now = process.hrtime.bigint();
    (isFirst ? opened : asked).push(Number(now - start) / 1e6);
    if (!answer.startsWith("HTTP/1.1 200")) return end(answer.slice(0, 12));
    isFirst = false; answer = ""; start = now; step = "a later request";
    if (--left > 0) ask(); else end();
  });
  socket.on("error", (error) => end(error.code ?? error.message));
  socket.on("close", () => end("closed"));
});
const visitor = async () => { while (!isOver) { await visit(names[next++ % names.length]); await sleep(pauseMs); } };
const all = Promise.all(Array.from({ length: visitors }, visitor));
process.stdin.resume().on("end", async () => {
  isOver = true;
  await all;
  console.log(JSON.stringify({ opened, asked, failures }));
});
`;

export interface LoadArgs {
  readonly to: string;
  readonly port?: number;
  /** Asked for in turn. */
  readonly names: readonly string[];
  /** At a time. */
  readonly visitors: number;
  /** Per connection. */
  readonly requests: number;
  /** Between two connections of a visitor's. */
  readonly pauseMs: number;
}

export interface LoadResult {
  /** Milliseconds from the first packet to the first answer, per connection. */
  readonly opened: readonly number[];
  /** Milliseconds per further request of a connection. */
  readonly asked: readonly number[];
  /** What went wrong, and how often. */
  readonly failures: Readonly<Record<string, number>>;
}

/**
 * Visits an edge until it is told to stop.
 *
 * @param at command line that runs a program where the visitors are
 */
export function load(at: (...command: string[]) => [string, string[]], args: LoadArgs) {
  const [command, rest] = at(process.execPath, "-e", script, JSON.stringify({ port: 443, ...args }));
  const running = execa(command, rest, { stdin: "pipe", maxBuffer: 1 << 28 });
  return {
    stop: async (): Promise<LoadResult> => {
      running.stdin.end();
      return JSON.parse((await running).stdout);
    },
  };
}
