import { execa } from "execa";

/** The docker command against one engine. */
export class EngineClient {
  /** `unix:///…` */
  readonly dockerHost: string;

  constructor(dockerHost: string) {
    this.dockerHost = dockerHost;
  }

  /** Standard output of a docker command that must succeed. */
  async docker(...args: string[]): Promise<string> {
    const { stdout } = await execa("docker", args, { env: { DOCKER_HOST: this.dockerHost } });
    return stdout;
  }

  /** Exit code and output of a docker command that may fail. */
  async tryDocker(...args: string[]): Promise<{ exitCode: number; output: string }> {
    const options = { env: { DOCKER_HOST: this.dockerHost }, reject: false, all: true } as const;
    const { exitCode, all } = await execa("docker", args, options);
    return { exitCode: exitCode ?? 1, output: all };
  }
}
