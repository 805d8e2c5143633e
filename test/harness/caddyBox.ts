import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { CaddyFile } from "../../backends/docker/caddy/acme.ts";
import { publishScript } from "../../backends/docker/caddy/publish.ts";
import { caddyStart } from "../../backends/docker/caddy/start.ts";

/**
 * Caddy by itself, as a host runs it: what publishing does, without a fleet. Its names are its own, so it can live
 * beside one.
 */
export class CaddyBox {
  private readonly dockerHost: string;
  readonly name: string;

  private constructor(dockerHost: string, name: string) {
    this.dockerHost = dockerHost;
    this.name = name;
  }

  /** @param network default `none`: it is to listen inside alone */
  static async start(
    dockerHost: string,
    image: string,
    name: string,
    network: "none" | "host" = "none",
  ): Promise<CaddyBox> {
    const box = new CaddyBox(dockerHost, name);
    await box.remove();
    const confined = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true"];
    const folders = ["--tmpfs", "/tmp:rw,size=64m", "--tmpfs", "/run/caddy:rw,size=1m,mode=0700"];
    const ports = network === "host" ? ["--cap-add", "NET_BIND_SERVICE"] : [];
    const variables = ["--env", "XDG_DATA_HOME=/data", "--env", "XDG_CONFIG_HOME=/tmp"];
    const volumes = ["--volume", `${name}:/etc/caddy`, "--volume", `${name}-data:/data`];
    await box.docker(
      ...["run", "--detach", "--name", name, "--network", network, "--user", "0:0"],
      ...["--restart", "unless-stopped", ...volumes, "--entrypoint", "sh"],
      ...[...confined, ...ports, ...folders, ...variables, image, "-c", caddyStart],
    );
    await box.answers();
    return box;
  }

  async docker(...args: string[]): Promise<string> {
    return (await execa("docker", args, { env: { DOCKER_HOST: this.dockerHost } })).stdout;
  }

  /** Standard output of a shell script inside. */
  inside(script: string): Promise<string> {
    return this.docker("exec", this.name, "sh", "-c", script);
  }

  /** What a host script ends with. */
  async publish(path: string, content: string, action: "create" | "delete" = "create", beside?: CaddyFile) {
    const { exitCode, stdout, stderr } = await execa("sh", ["-s", action], {
      input: publishScript(this.name, path, content, "remove", beside),
      env: { DOCKER_HOST: this.dockerHost },
      reject: false,
    });
    return { exitCode, stdout, stderr };
  }

  /** The body that Caddy answers with for a host name. */
  async get(host: string, path = "/"): Promise<string> {
    const request = `GET ${path} HTTP/1.0\\r\\nHost: ${host}\\r\\n\\r\\n`;
    const answer = await this.inside(`printf '${request}' | nc 127.0.0.1 8080`);
    return answer
      .split(/\r?\n\r?\n/)
      .slice(1)
      .join("\n")
      .trim();
  }

  /** The log since the last start, both streams. */
  async log(): Promise<string> {
    const since = await this.docker("inspect", "--format", "{{.State.StartedAt}}", this.name);
    const options = { env: { DOCKER_HOST: this.dockerHost }, all: true } as const;
    return (await execa("docker", ["logs", "--since", since, this.name], options)).all;
  }

  async restart(): Promise<void> {
    await this.docker("restart", "--time", "5", this.name);
    await this.answers();
  }

  /** Waits until it serves: the admin socket is there before the ports are. */
  async answers(): Promise<void> {
    const end = Date.now() + 10_000;
    while (!(await this.log()).includes("serving initial configuration")) {
      if (Date.now() > end) throw new Error(`Caddy does not serve after 10 s: ${await this.log()}`);
      await sleep(100);
    }
  }

  async remove(): Promise<void> {
    const options = { env: { DOCKER_HOST: this.dockerHost }, reject: false };
    await execa("docker", ["rm", "--force", "--volumes", this.name], options);
    await execa("docker", ["volume", "rm", "--force", this.name, `${this.name}-data`], options);
  }
}
