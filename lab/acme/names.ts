const DNS_PORT = 8053;
const MANAGEMENT_PORT = 8055;

/** Pebble's own name server: the only one that it asks, told by tests where names lead. */
export class Names {
  /** `address:port` of the name server. */
  readonly resolver: string;
  private readonly address: string;

  constructor(address: string) {
    this.address = address;
    this.resolver = `${address}:${DNS_PORT}`;
  }

  /** Command line of the server. `answers` is where all names lead; empty: nowhere. */
  command(answers: string): string[] {
    return [
      "/usr/bin/pebble-challtestsrv",
      ...["-dns01", this.resolver, "-management", `${this.address}:${MANAGEMENT_PORT}`],
      ...["-defaultIPv4", answers, "-defaultIPv6", ""],
      // It could also answer challenges; that is for those who order certificates.
      ...["-http01", "", "-https01", "", "-tlsalpn01", ""],
    ];
  }

  /** From now on the name leads to this IPv4 address, as an A record or a CNAME to one would lead it there. */
  async lead(name: string, address: string): Promise<void> {
    await this.tell("clear-servfail", { host: name });
    await this.tell("clear-a", { host: name });
    await this.tell("add-a", { host: name, addresses: [address] });
  }

  /** From now on nobody knows where the name leads. */
  async lose(name: string): Promise<void> {
    await this.tell("set-servfail", { host: name });
  }

  /** Whether it runs. */
  async answers(): Promise<boolean> {
    return this.tell("clear-servfail", { host: "name.invalid" }).then(
      () => true,
      () => false,
    );
  }

  private async tell(what: string, body: object): Promise<void> {
    const url = `http://${this.address}:${MANAGEMENT_PORT}/${what}`;
    const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  }
}
