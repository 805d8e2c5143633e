export function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of header?.split(";") ?? []) {
    const equals = pair.indexOf("=");
    if (equals > 0) cookies.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
  }
  return cookies;
}

/**
 * The `__Host-` prefix makes browsers refuse a cookie with a Domain or without Secure: no neighbour under the
 * same parent domain can plant one here. Lax, not Strict, because people arrive by redirect from Hydra.
 */
export type HostCookie = `__Host-${string}`;
const attributes = "Path=/; Secure; HttpOnly; SameSite=Lax";

/** Without `seconds` it lives as long as the browser's window. */
export const setCookie = (name: HostCookie, value: string, seconds?: number) =>
  `${name}=${value}; ${attributes}${seconds === undefined ? "" : `; Max-Age=${seconds}`}`;

export const dropCookie = (name: HostCookie) => `${name}=; ${attributes}; Max-Age=0`;
