import { type IncomingHttpHeaders, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { caddyContainer } from "../../backends/docker/names.ts";
import type { EngineClient } from "./engineClient.ts";

/** The certificate of the authority that Caddy makes for itself (`tls internal`). */
export const rootCertificate = "/data/caddy/pki/authorities/local/root.crt";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form, by POST unless said otherwise. */
  readonly form?: Readonly<Record<string, string>>;
  /** Request target as it goes over the wire, where a URL parser would clean it up. */
  readonly target?: string;
}

/**
 * A program that calls the fleet from outside. It trusts Caddy's authority and nothing else, follows no redirect,
 * and comes from a loopback address of its choice: limits are counted per address, so one test does not use up
 * another's. To a host that is elsewhere it comes from wherever the way there starts.
 */
export class Visitor {
  private readonly authority: string;
  private readonly to: string;
  private readonly from: string | undefined;

  private constructor(
    authority: string,
    to: string,
    from: string | undefined = to.startsWith("127.") ? "127.0.0.1" : undefined,
  ) {
    this.authority = authority;
    this.to = to;
    this.from = from;
  }

  /** @param to address of the host; by default this machine's loopback */
  static async of(engine: EngineClient, to = "127.0.0.1"): Promise<Visitor> {
    const authority = await engine.docker("exec", caddyContainer, "cat", rootCertificate);
    return new Visitor(authority, to);
  }

  /** @param authority PEM of what signed the certificates that it trusts */
  static trusting(authority: string, to: string): Visitor {
    return new Visitor(authority, to);
  }

  /** The same from another address of this machine's; to loopback, any of 127.0.0.0/8. */
  at(address: string): Visitor {
    return new Visitor(this.authority, this.to, address);
  }

  call(address: string, { method, headers = {}, form, target }: Call = {}): Promise<Answer> {
    const url = new URL(address);
    const body = form && new URLSearchParams(form).toString();
    const options = {
      // Names below localhost mean loopback to a browser; a resolver need not know that.
      host: this.to,
      port: url.port,
      path: target ?? `${url.pathname}${url.search}`,
      method: method ?? (body === undefined ? "GET" : "POST"),
      ...(this.from !== undefined && { localAddress: this.from }),
      timeout: 20_000,
      headers: {
        host: url.host,
        ...(body !== undefined && { "content-type": "application/x-www-form-urlencoded" }),
        ...headers,
      },
    };
    return new Promise((resolve, reject) => {
      const outgoing =
        url.protocol === "https:"
          ? tlsRequest({ ...options, servername: url.hostname, ca: this.authority, agent: false })
          : plainRequest({ ...options, agent: false });
      outgoing.on("timeout", () => outgoing.destroy(new Error(`${address}: no answer within 20 s`)));
      outgoing.on("error", reject);
      outgoing.on("response", async (response) => {
        let text = "";
        response.setEncoding("utf8");
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      outgoing.end(body);
    });
  }
}
