import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type HostCookie, setCookie } from "./cookies.ts";
import { type Html, html } from "./html.ts";
import { mac, Signer, sameText } from "./signed.ts";
import { parseUrl } from "./url.ts";

/** Our forms hold a few short fields; the rest is somebody filling a small container's memory. */
const largestFormBytes = 16 * 1024;

export class FormRefused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const type = request.headers["content-type"]?.split(";")[0]?.trim();
  if (type !== "application/x-www-form-urlencoded") throw new FormRefused(415, "This is not a form.");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestFormBytes) throw new FormRefused(413, "The form is too large.");
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}

/**
 * Binds every form to the browser it was shown in and to the page it posts to. The token is a MAC over a random
 * value in a cookie, under this instance's key: neither another site nor another tenant can make one.
 */
export class FormGuard {
  readonly #key: Buffer;
  readonly #cookie: HostCookie;
  readonly #browsers: Signer<string>;

  constructor(key: Buffer, cookie: HostCookie) {
    this.#key = key;
    this.#cookie = cookie;
    this.#browsers = new Signer(key, 24 * 3600);
  }

  /** The guard for one request. `cookies` fills when a page with a form needs a new cookie. */
  forRequest(received: ReadonlyMap<string, string>) {
    const known = this.#browsers.verify(received.get(this.#cookie));
    let browser = known;
    const cookies: string[] = [];
    const field = (path: string): Html => {
      if (browser === undefined) {
        browser = randomBytes(18).toString("base64url");
        cookies.push(setCookie(this.#cookie, this.#browsers.sign(browser)));
      }
      return html`<input type="hidden" name="csrf" value="${mac(this.#key, "form", path, browser)}">`;
    };
    const accepts = (path: string, token: string) =>
      known !== undefined && sameText(token, mac(this.#key, "form", path, known));
    return { field, accepts, cookies };
  }
}

/**
 * A second, independent look at who sent a form, for browsers that say so. "null" is what an Origin becomes
 * under a proxy's `Referrer-Policy: no-referrer`; then the token alone decides.
 */
export function sentFromElsewhere({ headers }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  const { origin, host } = headers;
  return origin !== undefined && origin !== "null" && parseUrl(origin)?.host !== host;
}
