import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readCookies } from "./cookies.ts";
import { type FormGuard, FormRefused, readForm, sentFromElsewhere } from "./forms.ts";
import type { Html } from "./html.ts";
import { UpstreamDown } from "./ory.ts";
import { notice, securityHeaders } from "./page.ts";
import type { Reply } from "./reply.ts";
import { parseUrl } from "./url.ts";

/** One request, as the pages see it. */
export interface Visit {
  path: string;
  query: URLSearchParams;
  /** Empty for GET; for POST its form token has been checked. */
  form: URLSearchParams;
  cookies: ReadonlyMap<string, string>;
  tenant: string;
  /** The hidden field for a form that posts to `path`. */
  formToken: (path: string) => Html;
}

export type Handler = (visit: Visit) => Reply | Promise<Reply>;

/** Keys are "GET /path"; a path that ends in "/*" stands for all below it. */
export type Routes = Readonly<Record<string, Handler>>;

export interface Site {
  routes: Routes;
  guard: FormGuard;
  /** Shown as the page's owner; by default the host name of the request. */
  tenant?: string;
}

function findRoute(routes: Routes, method: string, path: string): Handler | undefined {
  const exact = routes[`${method} ${path}`];
  if (exact) return exact;
  const prefix = Object.keys(routes).find(
    (key) => key.endsWith("/*") && `${method} ${path}`.startsWith(key.slice(0, -1)),
  );
  return prefix === undefined ? undefined : routes[prefix];
}

const actionHeader = "next-action";

/** The id under which a form can be sent to any address, as a server action of Next.js has one. */
export const actionId = (path: string) => createHash("sha256").update(path).digest("hex").slice(0, 42);

function actionPath(routes: Routes, id: string): string | undefined {
  const paths = Object.keys(routes).flatMap((key) => /^POST (.+)$/.exec(key)?.[1] ?? []);
  return paths.find((path) => actionId(path) === id);
}

/** The Host header is the client's word: shown only when it looks like a host name. */
const hostName = (host = "") =>
  /^[a-z0-9.-]{1,253}(?=:\d+$|$)/i.exec(host)?.[0]?.toLowerCase() ?? "unknown host";

async function answer({ routes, guard, tenant: owner }: Site, request: IncomingMessage): Promise<Reply> {
  const tenant = owner ?? hostName(request.headers.host);
  // HEAD is a GET whose body nobody reads; probes use it.
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
  const url = parseUrl(`http://ui${request.url}`);
  const action = method === "POST" ? request.headers[actionHeader] : undefined;
  // The address of an action plays no part, as in Next.js: what it does is told by its id.
  const path = action === undefined ? url?.pathname : actionPath(routes, String(action));
  const handler = url && path && findRoute(routes, method, path);
  if (!handler) {
    const other = url && path && ["GET", "POST"].some((verb) => findRoute(routes, verb, path));
    return other
      ? notice(405, tenant, "Method not allowed", `This address does not take ${method}.`)
      : notice(404, tenant, "Page not found", "There is nothing at this address.");
  }
  const cookies = readCookies(request.headers.cookie);
  const forms = guard.forRequest(cookies);
  try {
    const form = method === "POST" ? await readForm(request) : new URLSearchParams();
    if (
      method === "POST" &&
      // An action has no token: Next.js looks at the Origin alone.
      (sentFromElsewhere(request) || (action === undefined && !forms.accepts(path, form.get("csrf") ?? "")))
    )
      throw new FormRefused(
        403,
        "This form is no longer valid, or was not opened here. Go back and open it again.",
      );
    const visit = {
      path,
      query: url.searchParams,
      form,
      cookies,
      tenant,
      formToken: forms.field,
    };
    const reply = await handler(visit);
    return { ...reply, cookies: [...forms.cookies, ...(reply.cookies ?? [])] };
  } catch (error) {
    if (error instanceof FormRefused) return notice(error.status, tenant, "Form refused", error.message);
    // The person learns that it is not their fault; the log learns the rest.
    console.error(`${method} ${url.pathname}: ${error instanceof Error ? error.message : error}`);
    return error instanceof UpstreamDown
      ? notice(
          503,
          tenant,
          "Not available",
          "A service behind this page does not answer. Try again in a minute.",
        )
      : notice(500, tenant, "Something went wrong", "This page failed. The reason is in its log.");
  }
}

function send(response: ServerResponse, head: boolean, reply: Reply): void {
  const {
    status,
    body,
    type = "text/plain; charset=utf-8",
    headers,
    cookies = [],
    formsLead = "here",
  } = reply;
  response.writeHead(status, {
    ...securityHeaders(formsLead),
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    ...headers,
    ...(cookies.length > 0 && { "set-cookie": [...cookies] }),
    // An oversized form is not read to its end, so the connection cannot carry another request.
    ...(status === 413 && { connection: "close" }),
  });
  response.end(head ? undefined : body);
}

export function serve(site: Site): Server {
  const server = createServer((request, response) => {
    answer(site, request).then(
      (reply) => send(response, request.method === "HEAD", reply),
      (error) => {
        console.error(error);
        response.destroy();
      },
    );
  });
  // Longer than the 65 s for which Caddy keeps its connections, or it would send into one that just closed.
  server.keepAliveTimeout = 75_000;
  server.headersTimeout = 80_000;
  server.requestTimeout = 15_000;
  return server;
}

/** Finishes what is under way, then goes: an engine sends SIGTERM and kills after its stop timeout. */
export function stopOnSignal(server: Server, longestSeconds = 8): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      server.close(() => process.exit(0));
      server.closeIdleConnections();
      setTimeout(() => process.exit(0), longestSeconds * 1000).unref();
    });
  }
}
