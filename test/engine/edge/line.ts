import { execa } from "execa";
import type { SiteVisitor } from "../../../lab/hosts/visitor.ts";

/** Opens one TLS connection, upgrades it, and speaks over it every 20 ms; whatever it hears has to be its own words. */
const script = `
const { to, host } = JSON.parse(process.argv[1]);
const socket = require("node:tls").connect({ host: to, port: 443, servername: host, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] });
let heard = "", said = "", isOpen = false, end = "";
const report = () => { console.log(JSON.stringify({ words: heard.split(" ").length - 1, isOpen, end })); process.exit(0); };
socket.on("secureConnect", () => socket.write("GET /echo HTTP/1.1\\r\\nHost: " + host + "\\r\\nConnection: Upgrade\\r\\nUpgrade: echo\\r\\n\\r\\n"));
socket.setEncoding("utf8").on("data", (text) => {
  if (!isOpen) { isOpen = text.startsWith("HTTP/1.1 101"); end = isOpen ? "" : text; console.error(isOpen ? "open" : text); return; }
  heard += text;
  if (!said.startsWith(heard)) end = "heard what was not said";
});
socket.on("error", (error) => { end = error.code ?? error.message; });
socket.on("close", () => { isOpen = false; end ||= "closed"; console.error("closed"); });
let count = 0;
setInterval(() => { if (isOpen) { const word = (count++) + " "; said += word; socket.write(word); } }, 20);
process.stdin.resume().on("end", report);
`;

export interface Talk {
  /** Words that came back. */
  readonly words: number;
  readonly isOpen: boolean;
  /** Why it is not open any more. */
  readonly end: string;
}

const speak = ([command, args]: [string, string[]]) => execa(command, args, { stdin: "pipe", reject: false });
type Speaker = ReturnType<typeof speak>;

/** One connection of a visitor's that stays open for as long as it can, as that of a page that listens does. */
export class Line {
  private readonly process: Speaker;
  private readonly notes: string[] = [];

  private constructor(process: Speaker) {
    this.process = process;
    process.stderr.on("data", (text) => this.notes.push(String(text)));
  }

  static async open(visitor: SiteVisitor, to: string, host: string): Promise<Line> {
    const line = new Line(speak(visitor.at(process.execPath, "-e", script, JSON.stringify({ to, host }))));
    await line.note("open");
    return line;
  }

  /** Waits until it is cut. */
  async cut(): Promise<void> {
    await this.note("closed");
  }

  /** Ends it and tells how it went. */
  async close(): Promise<Talk> {
    this.process.stdin.end();
    return JSON.parse((await this.process).stdout ?? "");
  }

  private async note(word: string): Promise<void> {
    for (let waited = 0; !this.notes.join("").includes(word); waited++) {
      if (waited > 300) throw new Error(`not ${word} after 15 s: ${this.notes.join("")}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
