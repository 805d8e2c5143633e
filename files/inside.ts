import { address4, contains, isAddress6, privateRanges, range4 } from "./address.ts";

/** Ranges that lead nowhere on the internet (RFC 6890). Cloudflare refuses to proxy to them (error 9003). */
const insideRanges = [
  ...privateRanges,
  ...["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].flatMap((text) => range4(text) ?? []),
];

/** Unique local, link-local and multicast addresses, loopback and none. */
const inside6 = /^((f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]|ff[0-9a-f]{2}):|::1?$)/i;

/** Whether an address of either family is reached from inside a network or machine only. */
export function isInside(text: string): boolean {
  const base = address4(text);
  if (base !== undefined) return insideRanges.some((range) => contains(range, { base, prefix: 32 }));
  return isAddress6(text) && inside6.test(text);
}
