import { isHostName, labelPattern } from "../fleet/hostName.ts";
import type { Fault } from "./fault.ts";
import { shown } from "./pasted.ts";

/** A host name of at least two labels, in lower case, with nothing around it. */
export function judgeHostName(value: string): Fault | undefined {
  if (isHostName(value)) return undefined;
  const inner = value
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/[/:].*$/, "")
    .replace(/^\*\./, "")
    .replace(/\.$/, "");
  const fits = isHostName(inner);
  if (fits && value.startsWith("*.")) {
    return {
      fault: `${shown(value)} is not a host name: a certificate is made per name, not for a wildcard`,
      remedy: `Write each name, such as login.${inner}.`,
    };
  }
  const why = whyNot(value);
  return {
    fault: `${shown(value)} is not a host name${why}`,
    remedy: `Write ${fits && inner !== value ? inner : "lower-case labels with dots between them, such as login.bigcorp.com"}.`,
  };
}

/** The stack's domain: as above, or `localhost`, which needs no DNS. */
export function judgeDomain(value: string): Fault | undefined {
  return value === "localhost" ? undefined : judgeHostName(value);
}

/** A DNS label of 1-30 characters, so that every name made from it fits 63. */
export function judgeLabel(value: string): Fault | undefined {
  if (new RegExp(labelPattern).test(value) && value.slice(2, 4) !== "--") return undefined;
  const candidate = value
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 30)
    .replace(/^-+|-+$/g, "");
  const why = value.length > 30 ? ` (it has ${value.length} characters)` : "";
  return {
    fault: `${shown(value)} is not a name: 1-30 of a-z, 0-9 and inner hyphens${why}`,
    remedy: candidate === "" ? "Write a name such as acme." : `Write ${candidate}.`,
  };
}

/** What cannot be seen by looking at the name. */
function whyNot(value: string): string {
  if (value.startsWith("*.")) return ": a certificate is made per name, not for a wildcard";
  if (/[a-z]/.test(value) && /\.[0-9]+$/.test(value)) {
    return ": its last label is a number, and browsers take it for an address";
  }
  return /(^|\.)xn--/.test(value) ? ": its label with xn-- stands for no text" : "";
}
