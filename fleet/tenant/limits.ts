import type { Limit } from "./workload.ts";

/**
 * How often one visitor may send something to a tenant's sites. A visitor is one IPv4 address, or one IPv6 /64, since a
 * machine takes any address of its /64. Every request counts but GET, HEAD and OPTIONS, whatever its path, headers
 * or answer are; one that is refused does not count again.
 *
 * Colleagues behind one IPv4 address are one visitor, so the figures leave room for an office.
 */

/** Olympus's own figure (prod/Caddyfile): more is no person who mistypes a password. */
const signInRate = { requests: 5, seconds: 10 } as const;

/**
 * At the login site. The last one is what holds: Next.js runs a form's action on any path, so any request may try a
 * password or send a mail. The others are stricter where the path says what it is about.
 */
export const loginLimits: readonly Limit[] = [
  { name: "sign_in", paths: ["/login*", "/self-service/login*"], ...signInRate },
  {
    // One person needs two or three: the form, and a code that was mistyped. Each may be a mail to somebody who did
    // not ask for it.
    name: "mail",
    paths: ["/recovery*", "/registration*", "/verification*"].flatMap((path) => [
      path,
      `/self-service${path}`,
    ]),
    requests: 10,
    seconds: 600,
  },
  // As many in a minute as Olympus allows for sign-in alone, so that no other path is a faster way to guess.
  { name: "any", requests: 30, seconds: 60 },
];

/**
 * At Hydra's public API. Its secrets cannot be guessed (192 random bits), but checking one takes processor time. One
 * address may be an application's server that refreshes the tokens of all its people: ten a second.
 */
export const apiLimits: readonly Limit[] = [{ name: "api", requests: 600, seconds: 60 }];

/**
 * At the admin site, for addresses in `admin.allow`. Athena passes these two on to Kratos without a sign-in, so they
 * are the login page once more and share its count.
 */
export const adminLimits: readonly Limit[] = [
  { name: "sign_in", paths: ["/api/kratos/*", "/api/iam-kratos/*"], ...signInRate },
  // Administrators edit lists; two a second is more than a hand does.
  { name: "admin", requests: 120, seconds: 60 },
];
