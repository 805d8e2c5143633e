import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { projectDir } from "../../lab/paths.ts";
import type { Neighbour } from "./namespace.ts";

export interface Mail {
  /** Who the sending server had signed in as. */
  readonly account: string;
  /** Whether it came over TLS. */
  readonly encrypted: boolean;
  readonly envelopeFrom: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** An account at the mail server. */
export interface Account {
  readonly user: string;
  readonly password: string;
}

const patienceSeconds = 30;

/** A mail server on a machine next to the host, that delivers to the test. */
export class MailSink {
  private readonly mails: Mail[] = [];
  private readonly unread: Mail[] = [];
  private readonly end: () => Promise<unknown>;

  private constructor(end: () => Promise<unknown>) {
    this.end = end;
  }

  static readonly port = 2525;

  /** Connection URI for a tenant. The server's certificate is its own; the way to it is a cable of the test's. */
  static uri(neighbour: Neighbour, { user, password }: Account): string {
    return `smtp://${user}:${password}@${neighbour.address}:${MailSink.port}/?skip_ssl_verify=true`;
  }

  static async start(neighbour: Neighbour, accounts: readonly Account[]): Promise<MailSink> {
    const program = join(import.meta.dirname, "mailSinkServer.ts");
    const known = accounts.map(({ user, password }) => `${user}:${password}`);
    const server = execa(
      ...neighbour.at(process.execPath, "--import", "tsx", program, String(MailSink.port), ...known),
      { cwd: projectDir, reject: false },
    );
    const sink = new MailSink(async () => {
      server.kill();
      await server;
    });
    const lines = createInterface({ input: server.stdout });
    const up = await Promise.race([once(lines, "line"), server]);
    if (!Array.isArray(up)) throw new Error(`the mail server did not start: ${up.stderr}`);
    lines.on("line", (line) => {
      const mail = JSON.parse(line) as Mail;
      sink.mails.push(mail);
      sink.unread.push(mail);
    });
    return sink;
  }

  /** Every mail that has come, in order. */
  all(): readonly Mail[] {
    return this.mails;
  }

  /** The next mail for an address; earlier ones for it have been taken by earlier calls. */
  async next(to: string): Promise<Mail> {
    for (let tenths = 0; tenths < patienceSeconds * 10; tenths++) {
      const index = this.unread.findIndex((mail) => mail.to === to);
      if (index >= 0) return this.unread.splice(index, 1)[0] as Mail;
      await sleep(100);
    }
    throw new Error(`no mail for ${to} within ${patienceSeconds} s; there was ${JSON.stringify(this.mails)}`);
  }

  async stop(): Promise<void> {
    await this.end();
  }
}

/** The six digits of a mail. */
export function codeIn({ text }: Mail): string {
  const code = /\b\d{6}\b/.exec(text)?.[0];
  if (!code) throw new Error(`no code in: ${text}`);
  return code;
}
