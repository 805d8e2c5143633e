import { isIPv4, isIPv6 } from "node:net";
import { isInside } from "../../fleet/address.ts";
import { invalid, refusal } from "./answer.ts";

/** A DNS record as the API answers it. */
export interface ZoneRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly content: string;
  readonly ttl: number;
  readonly proxied: boolean;
  readonly proxiable: boolean;
  readonly comment: string | null;
  readonly tags: readonly string[];
  readonly settings: object;
  readonly meta: object;
  readonly created_on: string;
  readonly modified_on: string;
  readonly comment_modified_on?: string;
}

/** What a caller sets; the rest is the server's. */
export type RecordFields = Pick<ZoneRecord, "name" | "type" | "content" | "ttl" | "proxied" | "comment">;

const proxiableTypes = ["A", "AAAA", "CNAME"];
const knownTypes = [...proxiableTypes, "TXT"];

/** Checks a body and fills in what it leaves out, as the API does before it looks at other records. */
export function recordFields(body: Readonly<Record<string, unknown>>, zone: string): RecordFields {
  const type = text(body, "type");
  if (!knownTypes.includes(type)) throw invalid(9999, `the lab's server has no records of type ${type}`);
  const name = wholeName(text(body, "name"), zone);
  const proxied = body.proxied ?? false;
  if (typeof proxied !== "boolean") throw invalid(9003, "Invalid 'proxied' value, must be a boolean");
  const content = contentOf(type, text(body, "content"), name);
  if (proxied && !proxiableTypes.includes(type)) throw invalid(9004, "This record type cannot be proxied.");
  if (proxied && isInside(content)) {
    throw refusal(400, 9003, `Target ${content} is not allowed for a proxied record.`);
  }
  if (Array.isArray(body.tags) && body.tags.length > 0) {
    throw invalid(9300, `DNS record has ${body.tags.length} tags, exceeding the quota of 0.`);
  }
  // What is proxied has the proxy's own time to live, whatever was asked for.
  return { name, type, content, ttl: proxied ? 1 : ttlOf(body.ttl ?? 1), proxied, comment: commentOf(body) };
}

export const isProxiable = ({ type, content }: RecordFields) =>
  proxiableTypes.includes(type) && !isInside(content);

function text(body: Readonly<Record<string, unknown>>, field: string): string {
  const value = body[field];
  if (typeof value === "string" && value !== "") return value;
  throw invalid(9000, `${field} is a required field`);
}

/** A name that does not end with the zone is taken for one below it, without a word. */
function wholeName(written: string, zone: string): string {
  const bare = written.toLowerCase().replace(/\.$/, "");
  const name = bare === "@" ? zone : bare === zone || bare.endsWith(`.${zone}`) ? bare : `${bare}.${zone}`;
  const labels = name.replace(/^\*\./, "").split(".");
  if (name.length > 255 || !labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))) {
    throw refusal(400, 9000, "DNS name is invalid.");
  }
  return name;
}

function contentOf(type: string, written: string, name: string): string {
  if (type === "A" && !isIPv4(written)) {
    throw refusal(400, 9005, "Content for A record must be a valid IPv4 address.");
  }
  if (type === "AAAA") {
    if (!isIPv6(written)) throw refusal(400, 9006, "Content for AAAA record must be a valid IPv6 address.");
    return new URL(`http://[${written}]/`).hostname.slice(1, -1);
  }
  if (type !== "CNAME") return written;
  const target = written.toLowerCase().replace(/\.$/, "");
  if (isIPv4(target) || !/^([a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}$/.test(target)) {
    throw invalid(9007, "Content for CNAME record is invalid.");
  }
  if (target === name) throw refusal(400, 9039, "CNAME content cannot reference itself.");
  return target;
}

function ttlOf(written: unknown): number {
  if (typeof written !== "number") throw invalid(9020, "Invalid TTL");
  if (written !== 1 && (written < 60 || written > 86_400)) {
    throw invalid(9021, "TTL must be between 60 and 86400 seconds, or 1 for Automatic.");
  }
  return written;
}

function commentOf({ comment = null }: Readonly<Record<string, unknown>>): string | null {
  if (comment === null || comment === "") return null;
  if (typeof comment !== "string") throw invalid(9314, "DNS record comment is invalid.");
  if (comment.length > 100) {
    throw refusal(400, 9313, "DNS record comment exceeds the maximum length of 100 characters.");
  }
  return comment;
}
