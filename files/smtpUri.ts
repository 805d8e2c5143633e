import type { Fault } from "./fault.ts";

/**
 * Judges the connection URI of a mail server by what Kratos makes of it: its configuration takes `smtp://` and
 * `smtps://` in small letters only, the rest goes through Go's `net/url`, and there is no default for the port
 * (Kratos: courier/smtp.go). Kratos starts over and over with a URI that it cannot read.
 *
 * The value is a secret: no sentence repeats a part of it but the sign at fault.
 *
 * @param key the stack secret without namespace, `smtp-main`
 */
export function judgeSmtpUri(key: string, uri: string): Fault | undefined {
  const what = faultOf(uri);
  if (what === undefined) return undefined;
  const [fault, write] = what;
  return { fault, remedy: `Write ${write}: \`pulumi config set --secret olympus:${key}\`.` };
}

const form = "smtps://user:password@host:465/";
const schemes = ["smtp", "smtps"];

/** What is wrong, and what to write instead. */
function faultOf(uri: string): [string, string] | undefined {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(uri) ?? [];
  if (scheme === undefined || rest === undefined) return ["is not the URI of a mail server", form];
  if (!schemes.includes(scheme.toLowerCase())) {
    return [`has the scheme ${scheme}, and is not the URI of a mail server`, form];
  }
  if (!schemes.includes(scheme)) {
    return ["has its scheme in capitals, which Kratos does not take", `${scheme.toLowerCase()}://`];
  }
  // All behind these signs is path, query or fragment, and a user's name ends at the last @ before them.
  const end = rest.search(/[/?#]/);
  const [authority, behind] = end === -1 ? [rest, ""] : [rest.slice(0, end), rest.slice(end)];
  if (behind.includes("@")) return unescaped(behind[0] ?? "");
  const at = authority.lastIndexOf("@");
  return (
    userFault(authority.slice(0, Math.max(0, at))) ?? hostFault(authority.slice(at + 1)) ?? escapes(behind)
  );
}

/** What Go takes between `//` and `@` as it is; everything else must be percent-encoded. */
const plainSigns = /[^A-Za-z0-9._:~!$&'()*+,;=%@-]/u;

const userFault = (user: string) => unescaped(plainSigns.exec(user)?.[0] ?? "") ?? escapes(user);

function escapes(text: string): [string, string] | undefined {
  if (/[\s\p{Cc}]/u.test(text)) return ["has a space or a line break in it", "the URI without it"];
  return /%(?![0-9a-f]{2})/i.test(text) ? unescaped("%") : undefined;
}

/** @param sign one that a user name or password has and must not have as it is; empty for none */
function unescaped(sign: string): [string, string] | undefined {
  if (sign === "") return undefined;
  const name = /^[\s\p{Cc}]$/u.test(sign) ? (sign === " " ? "space" : "tab or line break") : sign;
  const code = sign === "%" ? "%25" : encodeURIComponent(sign);
  return [
    `has a ${name} in its user name or password that is not percent-encoded`,
    `${code} in place of the ${name}`,
  ];
}

function hostFault(host: string): [string, string] | undefined {
  const [, name, port] = /^(\[[0-9a-f:.]+\]|[^:]*)(?::(.*))?$/is.exec(host) ?? [];
  if (name === undefined || !/^(\[.+\]|[A-Za-z0-9._-]+)$/.test(name)) {
    return ["has no host name behind the @", form];
  }
  if (port === undefined || port === "") {
    return [
      "has no port, and Kratos has no default for it",
      "465 for smtps, or 587 for smtp, behind the host and a colon",
    ];
  }
  if (/^[1-9][0-9]{0,4}$/.test(port) && Number(port) <= 65535) return undefined;
  return ["has a port that is no number from 1 to 65535", "465 for smtps, or 587 for smtp"];
}
