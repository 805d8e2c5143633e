import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { BackgroundProcess } from "../../../lab/hosts/background.ts";
import type { LabHost } from "../../../lab/hosts/host.ts";

/** Writes down, a line a connection, the first bytes that come; who only knocks (a health check) leaves none. */
const script = `
const serve = (port) => new Promise((up) => require("node:net").createServer((socket) => {
  socket.on("error", () => {}).once("data", (bytes) => console.log("heard " + bytes.toString("hex")));
}).listen(port, up));
Promise.all([serve(80), serve(443)]).then(() => console.log("up"));
`;

/** In the place of a host's Caddy: accepts every connection, answers none, and tells what it has heard. */
export class Recorder {
  private readonly process: BackgroundProcess;
  private readonly before: number;

  private constructor(process: BackgroundProcess, before: number) {
    this.process = process;
    this.before = before;
  }

  static async start(host: LabHost): Promise<Recorder> {
    const process_ = await host.startBeside("recorder", process.execPath, "-e", script);
    const read = () => readFile(process_.log, "utf8").catch(() => "");
    while (!(await read()).trimEnd().endsWith("up")) {
      if (process_.hasEnded()) throw new Error(await process_.complaint());
      await sleep(50);
    }
    return new Recorder(process_, (await read()).length);
  }

  /** First bytes of each connection in hexadecimal digits. */
  async heard(): Promise<string[]> {
    await sleep(300);
    const text = (await readFile(this.process.log, "utf8")).slice(this.before);
    return text
      .split("\n")
      .filter((line) => line.startsWith("heard "))
      .map((line) => line.slice("heard ".length));
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
