import type { Fault } from "./fault.ts";
import { shown } from "./pasted.ts";
import { isLoopback, parsedUrl, unencrypted } from "./uri.ts";

/** Scheme, host and port of a URI as they stand there; what Hydra holds against each other (its client/validator.go). */
export interface RedirectOrigin {
  readonly scheme: string;
  readonly host: string;
  /** Empty where none is written: Hydra knows no default ports. */
  readonly port: string;
}

const form = /^([a-z][a-z0-9+.-]*):(?:\/\/(?:[^@/?#]*@)?(\[[^\]]*\]|[^:/?#]*)(?::([0-9]*))?(?=[/?#]|$))?/i;

/** Undefined for what has no scheme. An application's own may go on without a slash: `com.bigcorp.app:callback`. */
export function redirectOrigin(uri: string): RedirectOrigin | undefined {
  const [, scheme, host = "", port = ""] = form.exec(uri) ?? [];
  return scheme === undefined ? undefined : { scheme: scheme.toLowerCase(), host, port };
}

/** `https://app.bigcorp.com:8443` */
export function printedOrigin({ scheme, host, port }: RedirectOrigin): string {
  return `${scheme}:${host === "" ? "" : `//${host}`}${port === "" ? "" : `:${port}`}`;
}

/** The URI at another origin. */
export function atOrigin(uri: string, origin: RedirectOrigin): string {
  return uri.replace(form, printedOrigin(origin));
}

/** Where Hydra may send a person back with a code: the exact URI, since Hydra compares them letter by letter. */
export function judgeRedirect(value: string): Fault | undefined {
  if (value.includes("*")) {
    return {
      fault: `${shown(value)} has a wildcard, and redirect URIs are compared letter by letter`,
      remedy: "Write each URI in full, such as https://app.bigcorp.com/callback.",
    };
  }
  const url = parsedUrl(value);
  const origin = redirectOrigin(value);
  const isApp = url !== undefined && /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:$/.test(url.protocol);
  const isWeb = /^https?$/.test(origin?.scheme ?? "") && origin?.host !== "";
  if (url === undefined || origin === undefined || !(isApp || isWeb)) {
    return {
      fault: `${shown(value)} is not a redirect URI`,
      remedy: "Write the full URI, such as https://app.bigcorp.com/callback or com.bigcorp.app:/callback.",
    };
  }
  if (value.includes("#")) {
    return {
      fault: `${shown(value)} has a fragment, which OAuth2 forbids here`,
      remedy: `Write ${value.replace(/#.*$/, "")}.`,
    };
  }
  const small = atOrigin(value, { ...origin, host: origin.host.toLowerCase() });
  if (value !== small && value.toLowerCase() === small.toLowerCase()) {
    return {
      fault: `${shown(value)} has capitals in its scheme or host, and browsers write them in small letters`,
      remedy: `Write ${small}.`,
    };
  }
  if (/%(?![0-9a-f]{2})/i.test(value)) {
    return {
      fault: `${shown(value)} has a % that does not stand before two of 0-9 and a-f`,
      remedy: "Write %25 for the sign itself.",
    };
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) return unencrypted(value);
  return undefined;
}
