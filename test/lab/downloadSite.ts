import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";

/** A release of the CLI as its download site has it: an archive with a shell script for the CLI. */
export interface Release {
  readonly version: string;
  readonly archive: Buffer;
  /** Name of the archive. */
  readonly name: string;
}

export async function packRelease(folder: string, version: string, script: string): Promise<Release> {
  const name = `pulumi-v${version}-${process.platform}-${process.arch}.tar.gz`;
  await mkdir(join(folder, "pulumi"), { recursive: true });
  for (const program of ["pulumi", "pulumi-language-nodejs"]) {
    await writeFile(join(folder, "pulumi", program), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, "pulumi", program), 0o755);
  }
  await execa("tar", ["-czf", join(folder, name), "-C", folder, "pulumi"]);
  return { version, name, archive: await readFile(join(folder, name)) };
}

export const sumsOf = ({ name, archive }: Release) =>
  `${"0".repeat(64)}  another.tar.gz\n${createHash("sha256").update(archive).digest("hex")}  ${name}\n`;

/** Plays the download site on loopback. */
export class DownloadSite {
  /** Paths, in the order in which they were asked for. */
  readonly asked: string[] = [];
  private readonly server: Server;

  private constructor(answer: RequestListener) {
    this.server = createServer((request, response) => {
      this.asked.push(request.url ?? "");
      answer(request, response);
    });
  }

  static async start(answer: RequestListener): Promise<DownloadSite> {
    const site = new DownloadSite(answer);
    await new Promise<void>((resolve) => site.server.listen(0, "127.0.0.1", resolve));
    return site;
  }

  /** The list of checksums as text, and the archive by what `archive` does. */
  static serving(release: Release, sums = sumsOf(release), archive: RequestListener = whole(release)) {
    return DownloadSite.start((request, response) =>
      request.url?.endsWith("-checksums.txt") ? response.end(sums) : archive(request, response),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

const whole =
  ({ archive }: Release): RequestListener =>
  (_, response) =>
    response.end(archive);
