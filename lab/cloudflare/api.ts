import { type Answer, Refusal, refusal, success } from "./answer.ts";
import type { ZoneRecord } from "./record.ts";
import type { LabZone } from "./zone.ts";

/** A request as it came in. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query below `/client/v4`. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What a token may do: `DNS:Read` or `DNS:Edit`, for some zones. */
export interface TokenRights {
  readonly zones: readonly string[];
  readonly mayEdit: boolean;
}

export interface ApiState {
  readonly zones: readonly LabZone[];
  readonly tokens: ReadonlyMap<string, TokenRights>;
}

/** Answers one request the way Cloudflare's API does, for DNS records and nothing else. */
export function answer(request: ApiRequest, state: ApiState): Answer {
  try {
    return route(request, rights(request, state), state);
  } catch (error) {
    if (error instanceof Refusal) return error.answer();
    throw error;
  }
}

function rights({ headers }: ApiRequest, { tokens }: ApiState): TokenRights {
  const { authorization } = headers;
  if (authorization === undefined) {
    throw refusal(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers");
  }
  const [, token] = /^Bearer ([A-Za-z0-9_-]{40})$/.exec(String(authorization)) ?? [];
  if (token === undefined) {
    const chain = [{ code: 6111, message: "Invalid format for Authorization header" }];
    throw new Refusal(400, [{ code: 6003, message: "Invalid request headers", error_chain: chain }]);
  }
  const found = tokens.get(token);
  if (found === undefined) throw refusal(403, 9109, "Invalid access token");
  return found;
}

function route(request: ApiRequest, { zones, mayEdit }: TokenRights, state: ApiState): Answer {
  const { method, url } = request;
  const [, zoneId, id] = /^\/zones\/([^/]+)\/dns_records(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
  if (zoneId === undefined) throw refusal(400, 7000, "No route for that URI");
  if (!/^[0-9a-f]{32}$/.test(zoneId)) {
    const message = `Could not route to ${url.pathname}, perhaps your object identifier is invalid?`;
    throw new Refusal(404, [
      { code: 7003, message },
      { code: 7000, message: "No route for that URI" },
    ]);
  }
  const zone = state.zones.find((one) => one.id === zoneId);
  // Whether a zone exists is nobody's business who may not see it.
  if (zone === undefined || !zones.includes(zoneId) || (method !== "GET" && !mayEdit)) {
    throw refusal(403, 10000, "Authentication error");
  }
  if (id === undefined) {
    if (method === "GET") return list(zone, url.searchParams);
    if (method === "POST") return success(zone.create(json(request)));
  } else {
    if (method === "GET") return success(zone.get(id));
    if (method === "PUT" || method === "PATCH") {
      return success(zone.update(id, json(request), method === "PUT"));
    }
    if (method === "DELETE") {
      zone.delete(id);
      return success({ id });
    }
  }
  throw refusal(405, 10405, "Method not allowed for this authentication scheme");
}

function json({ headers, body }: ApiRequest): Readonly<Record<string, unknown>> {
  if (!String(headers["content-type"] ?? "").startsWith("application/json")) {
    throw refusal(400, 9207, "Content-type must be application/json.");
  }
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {}
  throw refusal(400, 6007, "Malformed JSON in request body");
}

const filters: Readonly<Record<string, (value: string, filter: string) => boolean>> = {
  exact: (value, filter) => value === filter,
  contains: (value, filter) => value.includes(filter),
  startswith: (value, filter) => value.startsWith(filter),
  endswith: (value, filter) => value.endsWith(filter),
};

/** Filters on name, content and comment, and pages of 100 unless told otherwise; a page beyond the last is empty. */
function list({ records }: LabZone, query: URLSearchParams): Answer {
  const page = number(query, "page", 1);
  const perPage = number(query, "per_page", 100);
  const found = records.filter((record) => [...query].every(([key, filter]) => matches(record, key, filter)));
  const result = found.slice((page - 1) * perPage, page * perPage);
  const total = { total_count: found.length, total_pages: Math.ceil(found.length / perPage) };
  return success(result, { result_info: { page, per_page: perPage, count: result.length, ...total } });
}

function matches(record: ZoneRecord, key: string, filter: string): boolean {
  if (key === "type") return record.type === filter;
  const [, field, kind = "exact"] = /^(name|content|comment)(?:\.(\w+))?$/.exec(key) ?? [];
  const test = filters[kind];
  if (field === undefined || test === undefined) return true;
  const value = record[field as "name" | "content" | "comment"] ?? "";
  return test(value.toLowerCase(), filter.toLowerCase());
}

function number(query: URLSearchParams, key: string, usual: number): number {
  const value = Number(query.get(key) ?? usual);
  if (Number.isInteger(value) && value >= 1) return value;
  throw refusal(400, 9103, `Invalid ${key}`);
}
