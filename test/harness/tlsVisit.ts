import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";
import type { TLSSocket } from "node:tls";

export interface TlsAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Common name of the certificate's signer. */
  readonly issuer: string;
  readonly serialNumber: string;
}

export interface TlsCall {
  /** PEM of the only authority that the visitor trusts. Default: whatever certificate comes is taken. */
  readonly trusts?: string;
  readonly path?: string;
  readonly method?: string;
  readonly patienceSeconds?: number;
}

/** Opens a connection of its own to `name` at `address`, port 443. Rejects when TLS does not come about. */
export function visit(
  address: string,
  name: string,
  { trusts, path = "/", method = "GET", patienceSeconds = 20 }: TlsCall = {},
): Promise<TlsAnswer> {
  return new Promise((resolve, reject) => {
    const call = request({
      ...{ host: address, port: 443, servername: name, path, method, agent: false },
      headers: { host: name },
      ...(trusts === undefined ? { rejectUnauthorized: false } : { ca: trusts }),
    });
    const timer = setTimeout(
      () => call.destroy(new Error(`${name}: no answer within ${patienceSeconds} s`)),
      patienceSeconds * 1000,
    );
    call.on("error", reject).on("close", () => clearTimeout(timer));
    call.on("response", async (response) => {
      const { issuer, serialNumber } = (response.socket as TLSSocket).getPeerCertificate();
      let text = "";
      response.setEncoding("utf8");
      for await (const chunk of response) text += chunk;
      const { statusCode = 0, headers } = response;
      resolve({ status: statusCode, headers, text, issuer: String(issuer.CN), serialNumber });
    });
    call.end();
  });
}
