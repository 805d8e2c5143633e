import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

/** A key of its own per program and use, so that a value made for one use is worthless for another. */
export const deriveKey = (secret: string | Buffer, label: string) =>
  Buffer.from(hkdfSync("sha256", secret, "", label, 32));

export function mac(key: Buffer, ...parts: readonly string[]): string {
  const hash = createHmac("sha256", key);
  // Lengths first: ("ab", "c") and ("a", "bc") must differ.
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest("base64url");
}

export function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Values that a browser keeps for the server: readable, but not forgeable and not valid for ever. The expiry is
 * inside the signed part, because a browser's own cookie lifetime binds nobody who copied the cookie.
 */
export class Signer<Value> {
  readonly #key: Buffer;
  readonly #seconds: number;
  readonly #now: () => number;

  constructor(key: Buffer, seconds: number, now: () => number = Date.now) {
    this.#key = key;
    this.#seconds = seconds;
    this.#now = now;
  }

  get seconds() {
    return this.#seconds;
  }

  sign(value: Value): string {
    const expires = Math.floor(this.#now() / 1000) + this.#seconds;
    const payload = Buffer.from(JSON.stringify({ expires, value })).toString("base64url");
    return `${payload}.${mac(this.#key, payload)}`;
  }

  /** Nothing when it is absent, expired, altered, or signed by another instance. */
  verify(signed: string | undefined): Value | undefined {
    const [payload, signature, ...rest] = signed?.split(".") ?? [];
    if (!payload || !signature || rest.length > 0) return undefined;
    if (!sameText(signature, mac(this.#key, payload))) return undefined;
    // What carries our signature was written by sign() above, so its shape is known.
    const { expires, value } = JSON.parse(Buffer.from(payload, "base64url").toString()) as {
      expires: number;
      value: Value;
    };
    return expires * 1000 > this.#now() ? value : undefined;
  }
}
