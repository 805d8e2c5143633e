import type { Fault } from "./fault.ts";
import { shown } from "./pasted.ts";

const atom = '[^\\s@<>"(),:;.{}\\[\\]\\\\]+';
const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
export const emailPattern = `^${atom}(\\.${atom})*@(${label}\\.)*${label}$`;

/** What Kratos takes for an address (ory/jsonschema v3.0.8, formats.go), without braces: Caddy would read them as a placeholder. */
export function judgeEmail(value: string): Fault | undefined {
  const before = Buffer.byteLength(value.slice(0, Math.max(0, value.lastIndexOf("@"))));
  if (new RegExp(emailPattern, "i").test(value) && value.length <= 254) {
    if (before <= 64) return undefined;
    return {
      fault: `${shown(value)} has ${before} characters in front of the @, and 64 are the most`,
      remedy: "Write a shorter address.",
    };
  }
  const inner = /<([^<>\s]+@[^<>\s]+)>/.exec(value)?.[1];
  return {
    fault: `${shown(value)} is not an e-mail address`,
    remedy: `Write ${inner ?? "one such as ops@bigcorp.com"}.`,
  };
}

/** Where a browser's script may come from: scheme, host and port, nothing behind them. */
export function judgeOrigin(value: string): Fault | undefined {
  if (value.includes("*")) {
    return {
      fault: `${shown(value)} lets sites call with a person's session that nobody has looked at`,
      remedy: "Write each origin by itself, such as https://app.bigcorp.com.",
    };
  }
  const url = parsedUrl(value);
  if (url === undefined || url.host === "" || !/^https?:$/.test(url.protocol)) {
    const guess = /^[a-z0-9.-]+\.[a-z]+(:[0-9]+)?$/.test(value)
      ? `https://${value}`
      : "one such as https://app.bigcorp.com";
    return { fault: `${shown(value)} is not an origin`, remedy: `Write ${guess}.` };
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) return unencrypted(value);
  if (value !== url.origin) {
    return {
      fault: `${shown(value)} is not an origin: scheme, host and port, nothing behind`,
      remedy: `Write ${url.origin}.`,
    };
  }
  return undefined;
}

/** The directory of an ACME server. */
export function judgeHttps(value: string): Fault | undefined {
  const url = parsedUrl(value);
  if (url?.protocol === "https:" && url.host !== "") return undefined;
  return {
    fault: `${shown(value)} is not an https URL`,
    remedy: "Write one such as https://acme-v02.api.letsencrypt.org/directory.",
  };
}

/** A certificate that is trusted, in PEM; never a private key. */
export function judgeCertificate(value: string): Fault | undefined {
  const block = /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----\n?$/;
  if (block.test(value)) return undefined;
  return {
    fault: value.includes("PRIVATE KEY") ? "has a private key in it" : "is not one certificate in PEM",
    remedy: "Write the text between and with the lines BEGIN CERTIFICATE and END CERTIFICATE, after a `|`.",
  };
}

export function unencrypted(value: string): Fault {
  return {
    fault: `${shown(value)} is not encrypted, and codes would cross the network in the open`,
    remedy: `Write ${value.replace(/^http:/, "https:")}; plain http is for localhost only.`,
  };
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "127.0.0.1" || host === "[::1]";
}

export function parsedUrl(value: string): URL | undefined {
  if (/[\s\\]/.test(value) || !URL.canParse(value)) return undefined;
  return new URL(value);
}
