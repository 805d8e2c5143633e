import { mkdir, readFile, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { BackgroundProcess } from "../hosts/background.ts";
import { ensurePackages } from "../hosts/packages.ts";
import type { LabSite } from "../hosts/site.ts";
import { LabError } from "../progress.ts";
import { type Journal, journal } from "./journal.ts";
import { Names } from "./names.ts";
import { type ServerCertificate, serverCertificate } from "./serverCertificate.ts";

const DIRECTORY_PORT = 14000;
const MANAGEMENT_PORT = 15000;
const START_SECONDS = 20;
/** One Debian package, and Ubuntu's, of the people behind Let's Encrypt. */
const PROGRAMS = { "/usr/bin/pebble-challtestsrv": "pebble" };

export interface AcmeOptions {
  /** IPv4 address of every name that is not told otherwise, as a wildcard record would lead there. Default: no name leads anywhere. */
  readonly answers?: string;
  /** Where it looks for the answers to its challenges. Defaults 80 and 443, as outside. */
  readonly httpPort?: number;
  readonly httpsPort?: number;
}

/**
 * A certificate authority that speaks ACME and tells nobody outside: Pebble, with a name server of its own that
 * says where names lead. It really knocks at ports 80 and 443 of the host that orders, refuses good nonces now and then,
 * and trusts nobody's word; only the waiting before a validation is left out.
 */
export class Acme {
  /** URL of the directory, for `tls.ca`. */
  readonly directory: string;
  /** PEM of the certificate behind the directory's own TLS, for `tls.caRoot`. It is not behind those that are issued. */
  readonly serverRoot: string;
  /** Where names lead. */
  readonly names: Names;
  private readonly management: string;
  private readonly pebble: BackgroundProcess;
  private readonly nameServer: BackgroundProcess;

  private constructor(
    address: string,
    serverRoot: string,
    names: Names,
    processes: { readonly pebble: BackgroundProcess; readonly nameServer: BackgroundProcess },
  ) {
    this.directory = `https://${address}:${DIRECTORY_PORT}/dir`;
    this.management = `https://${address}:${MANAGEMENT_PORT}`;
    this.serverRoot = serverRoot;
    this.names = names;
    this.pebble = processes.pebble;
    this.nameServer = processes.nameServer;
  }

  /** Starts it on this machine, where the site's hosts reach it. It ends with the site at the latest. */
  static async start(
    site: Pick<LabSite, "address" | "folder" | "start">,
    { answers = "", httpPort = 80, httpsPort = 443 }: AcmeOptions = {},
  ): Promise<Acme> {
    await ensurePackages(PROGRAMS);
    const folder = join(site.folder, "acme");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const certificate = await serverCertificate(folder, site.address);
    const names = new Names(site.address);
    const nameServer = await site.start("names", names.command(answers));
    const ports = { httpPort, tlsPort: httpsPort };
    const configuration = await configure(folder, site.address, certificate, ports);
    const pebble = await site.start(
      "pebble",
      ["/usr/bin/pebble", "-strict", "-config", configuration, "-dnsserver", names.resolver],
      // Without the second every other certificate for a known name would come without a challenge.
      { env: { ...process.env, PEBBLE_VA_NOSLEEP: "1", PEBBLE_AUTHZREUSE: "0" } },
    );
    const root = await readFile(certificate.root, "utf8");
    const acme = new Acme(site.address, root, names, { pebble, nameServer });
    await acme.ready();
    return acme;
  }

  /** `olympus:tls` of a stack that gets its certificates here. */
  get tls() {
    return { mode: "acme", email: "ops@example.com", ca: this.directory, caRoot: this.serverRoot } as const;
  }

  /** PEM of the root behind all certificates that it issues: what a visitor has to trust. Another one at each start. */
  issuerRoot(): Promise<string> {
    return this.ask("/roots/0");
  }

  /** What it has been asked for until now. */
  async journal(): Promise<Journal> {
    return journal(await readFile(this.pebble.log, "utf8"));
  }

  async stop(): Promise<void> {
    await this.pebble.stop();
    await this.nameServer.stop();
  }

  private async ready(): Promise<void> {
    for (let tenths = 0; tenths < START_SECONDS * 10; tenths++) {
      const [issues, resolves] = await Promise.all([
        this.issuerRoot().then(
          () => true,
          () => false,
        ),
        this.names.answers(),
      ]);
      if (issues && resolves) return;
      for (const [name, process] of [
        ["Pebble", this.pebble],
        ["Pebble's name server", this.nameServer],
      ] as const) {
        if (process.hasEnded()) throw new LabError(`${name} did not come up. ${await process.complaint()}`);
      }
      await sleep(100);
    }
    throw new LabError(`Pebble did not answer within ${START_SECONDS} s. ${await this.pebble.complaint()}`);
  }

  private ask(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const call = request(`${this.management}${path}`, { ca: this.serverRoot, agent: false, timeout: 5000 });
      call.on("timeout", () => call.destroy(new Error(`${this.management}${path}: no answer within 5 s`)));
      call.on("error", reject);
      call.on("response", async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${this.management}${path}: ${response.statusCode}`));
      });
      call.end();
    });
  }
}

/** Writes Pebble's configuration and returns its path. */
async function configure(
  folder: string,
  address: string,
  { certificate, key }: ServerCertificate,
  ports: { readonly httpPort: number; readonly tlsPort: number },
): Promise<string> {
  const file = join(folder, "pebble.json");
  const pebble = {
    listenAddress: `${address}:${DIRECTORY_PORT}`,
    managementListenAddress: `${address}:${MANAGEMENT_PORT}`,
    certificate,
    privateKey: key,
    ...ports,
    ocspResponderURL: "",
    externalAccountBindingRequired: false,
  };
  await writeFile(file, JSON.stringify({ pebble }));
  return file;
}
