import { once } from "node:events";
import { execa } from "execa";
import type { Probed, Target } from "./reach.ts";

/** Reads targets, then tries all of them ten times a second until its input ends; prints each that answered. */
const script = `
const { connect } = require("node:net");
const targets = JSON.parse(process.argv[1]);
const said = (target, how) => console.log(JSON.stringify({ target, how, at: Date.now() }));
setInterval(() => {
  for (const target of targets) {
    const [, host, port] = /^(.+):(\\d+)$/.exec(target);
    const socket = connect({ host, port: Number(port) });
    socket.setTimeout(800, () => socket.destroy());
    socket.once("connect", () => { said(target, "open"); socket.destroy(); });
    socket.once("error", ({ code }) => { if (code === "ECONNREFUSED") said(target, "refused"); });
  }
}, 100);
console.log("up");
process.stdin.resume().on("end", () => process.exit(0));
`;

export interface Answered {
  readonly target: Target;
  readonly how: "open" | "refused";
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Somebody in a container's network namespace who tries the same addresses all the time. TCP only. */
export class Prober {
  private readonly process: ReturnType<typeof Prober.run>;

  private constructor(process: ReturnType<typeof Prober.run>) {
    this.process = process;
  }

  static async start(host: Probed, container: string, targets: readonly Target[]): Promise<Prober> {
    const prober = new Prober(Prober.run(host, container, targets));
    await once(prober.process.stdout, "data");
    return prober;
  }

  /** Everything that answered until now. */
  async stop(): Promise<Answered[]> {
    this.process.stdin.end();
    const { stdout } = await this.process;
    const [, ...lines] = stdout.split("\n");
    return lines.map((line): Answered => JSON.parse(line));
  }

  private static run({ dockerHost, images }: Probed, container: string, targets: readonly Target[]) {
    const run = [
      "run",
      "--rm",
      "--interactive",
      "--network",
      `container:${container}`,
      "--entrypoint",
      "node",
    ];
    return execa("docker", [...run, images.athena, "-e", script, JSON.stringify(targets)], {
      env: { DOCKER_HOST: dockerHost },
    });
  }
}
