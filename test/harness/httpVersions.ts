import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { caddyContainer } from "../../backends/docker/names.ts";
import type { LabHost } from "../../lab/hosts/host.ts";
import { EngineClient } from "./engineClient.ts";

export const httpVersions = ["1.1", "2", "3"] as const;
export type HttpVersion = (typeof httpVersions)[number];

export interface VersionedAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

// No `--retry`: it would wait for as long as `Retry-After` says.
const quiet = ["--silent", "--show-error"];

/** Where the first name's requests are turned into HTTP/3. */
const firstPort = 9090;

/**
 * Somebody who asks a host's sites by a version of HTTP of their choice. Neither Node nor every curl speaks HTTP/3, so a
 * second Caddy beside the host's own asks by it: what is told of a site is told over QUIC, or not at all.
 */
export class ManyVersions {
  private readonly address: string;
  private readonly names: readonly string[];

  private constructor(address: string, names: readonly string[]) {
    this.address = address;
    this.names = names;
  }

  static async start(host: LabHost, names: readonly string[]): Promise<ManyVersions> {
    const sites = names.map(
      (name, index) => `http://:${firstPort + index} {
	reverse_proxy https://${host.address}:443 {
		header_up Host ${name}
		transport http {
			versions 3
			tls_server_name ${name}
			tls_insecure_skip_verify
		}
	}
}
`,
    );
    // It keeps nothing: the folder of what Caddy runs is looked at by the program.
    const file = `{\n\tadmin off\n\tpersist_config off\n\tauto_https off\n}\n${sites.join("")}`;
    const start = `printf %s "$1" > /tmp/versions.caddy && exec caddy run --adapter caddyfile --config /tmp/versions.caddy`;
    const engine = new EngineClient(host.dockerHost);
    await engine.docker(
      ...[
        "exec",
        "--detach",
        "--env",
        "XDG_CONFIG_HOME=/tmp/versions",
        "--env",
        "XDG_DATA_HOME=/tmp/versions",
      ],
      ...[caddyContainer, "sh", "-c", start, "sh", file],
    );
    const versions = new ManyVersions(host.address, names);
    await versions.answers();
    return versions;
  }

  /** @param accept what the visitor wants to see. Default: anything, as programs say */
  async ask(version: HttpVersion, name: string, path: string, accept = "*/*"): Promise<VersionedAnswer> {
    const way = version === "3" ? [this.proxied(name, path)] : this.direct(version, name, path);
    const accepting = ["--header", `Accept: ${accept}`];
    const { stdout } = await execa("curl", [...quiet, "--include", "--max-time", "30", ...accepting, ...way]);
    const [head = "", ...rest] = stdout.split("\r\n\r\n");
    const [first = "", ...lines] = head.split("\r\n");
    const spoken = /^HTTP\/(\S+) (\d+)/.exec(first);
    if (version !== "3" && spoken?.[1] !== version)
      throw new Error(`${name} spoke ${first} for HTTP/${version}`);
    const headers: Record<string, string> = Object.fromEntries(
      lines
        .map((line) => /^([^:]+): ?(.*)$/.exec(line))
        .flatMap((match) => (match ? [[match[1]?.toLowerCase() ?? "", match[2] ?? ""]] : [])),
    );
    // The second Caddy says by what it was answered.
    if (version === "3" && headers.via !== "3.0 Caddy")
      throw new Error(`${name} spoke ${headers.via} for HTTP/3`);
    return { status: Number(spoken?.[2]), headers, text: rest.join("\r\n\r\n") };
  }

  private direct(version: "1.1" | "2", name: string, path: string): string[] {
    const spoken = version === "2" ? "--http2" : "--http1.1";
    return [spoken, "--insecure", "--resolve", `${name}:443:${this.address}`, `https://${name}${path}`];
  }

  private proxied(name: string, path: string): string {
    return `http://${this.address}:${firstPort + this.names.indexOf(name)}${path}`;
  }

  private async answers(): Promise<void> {
    for (let attempt = 0; attempt < 80; attempt++) {
      const options = { reject: false } as const;
      const { exitCode } = await execa("curl", [...quiet, this.proxied(this.names[0] ?? "", "/")], options);
      if (exitCode === 0) return;
      await sleep(250);
    }
    throw new Error("the Caddy that asks by HTTP/3 has not come up");
  }
}
