/** Why Cloudflare's API could not be asked, for the person at the terminal. */
export interface CloudflareFault {
  readonly words: string;
  /** Whether a run that changes a record would fail. An API that is down keeps nobody from changing something else. */
  readonly isOurs: boolean;
}

/** A token that is none, is not known, has ended, or may not see the zone. */
const tokenCodes = ["1000", "6003", "6111", "9106", "9109", "10000", "10001"];
/** A zone's id that is none. */
const zoneCodes = ["7000", "7003"];

/** @param message the provider's, with the API's answer in it */
export function cloudflareFault(zone: string, message: string): CloudflareFault {
  const errors = [...message.matchAll(/"code":\s*(\d+),\s*"message":\s*"((?:[^"\\]|\\.)*)"/g)];
  const said = errors.map(([, code, text]) => `${text} (${code})`).join(", ");
  const has = (codes: readonly string[]) => errors.some(([, code = ""]) => codes.includes(code));
  if (has(tokenCodes)) {
    return {
      isOurs: true,
      words:
        `Cloudflare refuses the token olympus:cloudflareApiToken for zone ${zone}: ${said}. Check olympus:dns.zoneId; then make ` +
        `a token with the permission Zone, DNS, Edit for ${zone}, and write it with \`pulumi config set --secret olympus:cloudflareApiToken\`.`,
    };
  }
  if (has(zoneCodes)) {
    return { isOurs: true, words: `Cloudflare does not know the zone olympus:dns.zoneId: ${said}.` };
  }
  const why = said === "" ? (message.trim().split("\n").at(-1) ?? "") : said;
  return {
    isOurs: false,
    words: `Cloudflare's API did not answer, so nobody has looked whether other records are in the way: ${why}`,
  };
}
