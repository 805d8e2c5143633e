import type { Fault } from "../fault.ts";
import { fault } from "../files.ts";
import { shown } from "../pasted.ts";
import { atOrigin, printedOrigin, type RedirectOrigin, redirectOrigin } from "../redirect.ts";
import type { Rule } from "./rule.ts";

/**
 * People are sent after they signed out only where they are sent to sign in: Hydra refuses a client with a
 * post-logout URI that has not scheme, host and port of one of its redirect URIs, letter by letter (ory/hydra#3791).
 */
export const client: Rule = ({ tenants, entries }) =>
  entries.flatMap(({ at, written }) =>
    Object.entries(written.clients ?? {}).flatMap(([id, { redirectUris, postLogoutRedirectUris = [] }]) => {
      const origins = redirectUris.flatMap((uri) => redirectOrigin(uri) ?? []);
      return postLogoutRedirectUris.flatMap((uri, index) => {
        const what = faultOf(uri, origins);
        const path = [...at, "clients", id, "postLogoutRedirectUris", index];
        return what === undefined ? [] : [fault(tenants, path, what)];
      });
    }),
  );

const usualPorts: Readonly<Record<string, string>> = { http: "80", https: "443" };
const withPort = ({ scheme, host, port }: RedirectOrigin) =>
  printedOrigin({ scheme, host, port: port || (usualPorts[scheme] ?? "") });

function faultOf(uri: string, origins: readonly RedirectOrigin[]): Fault | undefined {
  const own = redirectOrigin(uri);
  if (own === undefined || origins.some((origin) => printedOrigin(origin) === printedOrigin(own))) {
    return undefined;
  }
  const same = origins.find((origin) => withPort(origin) === withPort(own));
  if (same !== undefined) {
    return {
      fault: `${shown(uri)} has its port written otherwise than the redirect URIs, and Hydra takes it for another one`,
      remedy: `Write ${atOrigin(uri, same)}.`,
    };
  }
  const [first] = origins;
  const known = [...new Set(origins.map(printedOrigin))].join(", ");
  return {
    fault: `${shown(uri)} is at none of the places that the redirect URIs are at (${known}), and Hydra refuses that`,
    remedy: `Write a URI there${first === undefined ? "" : `, such as ${atOrigin(uri, first)}`}, or add a redirect URI at ${printedOrigin(own)}.`,
  };
}
