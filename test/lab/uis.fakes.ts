import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** One request that a fake received. */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  headers: IncomingMessage["headers"];
}

export interface Answer {
  status?: number;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** Keys are "PUT /path". What is not listed answers 404, as the real ones do. */
export type Answers = Record<string, Answer | ((call: Call) => Answer)>;

export interface Fake {
  url: string;
  calls: Call[];
  answers: Answers;
}

const open: Server[] = [];

export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function closeAll(): void {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
}

function parse(text: string, type = ""): Record<string, unknown> {
  if (text === "") return {};
  return type.includes("json") ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
}

/** A server on loopback that answers as told and remembers what it was asked. */
export async function fake(answers: Answers): Promise<Fake> {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const url = new URL(`http://fake${request.url}`);
    const { method = "GET", headers } = request;
    const body = parse(text, headers["content-type"]);
    const call = { method, path: url.pathname, query: url.searchParams, body, headers };
    calls.push(call);
    const prepared = answers[`${method} ${url.pathname}`] ?? {
      status: 404,
      body: { error: { reason: "unknown" } },
    };
    const answer = typeof prepared === "function" ? prepared(call) : prepared;
    response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers });
    response.end(JSON.stringify(answer.body ?? {}));
  });
  return { url: await listen(server), calls, answers };
}

export const ada = {
  id: "7a1d0a52-0000-4000-8000-00000000ada0",
  schema_id: "default",
  schema_url: "http://kratos/schemas/default",
  state: "active",
  traits: { email: "ada@example.org" },
  verifiable_addresses: [
    { id: "1", value: "ada@example.org", verified: true, via: "email", status: "completed" },
  ],
};

const flow = (id: string, extra: object = {}) => ({
  id,
  type: "api",
  state: "choose_method",
  request_url: "http://kratos",
  issued_at: "2026-01-01T00:00:00Z",
  expires_at: "2036-01-01T00:00:00Z",
  ui: { action: "http://kratos", method: "POST", nodes: [], messages: [] },
  ...extra,
});

export const flowWithError = (id: number, text: string) =>
  flow("failed", {
    ui: {
      action: "http://kratos",
      method: "POST",
      nodes: [],
      messages: [{ id, text, type: "error", context: {} }],
    },
  });

export const password = "correct-horse-battery-9";

/** Kratos's public port: one person, one password. */
export const kratosPublic = (): Answers => ({
  "GET /self-service/login/api": { body: flow("login-1") },
  "POST /self-service/login": ({ body }) =>
    body.password === password
      ? {
          body: {
            session_token: "kratos-token",
            session: {
              id: "session-1",
              active: true,
              authenticator_assurance_level: "aal1",
              authentication_methods: [{ method: "password", aal: "aal1" }],
              identity: ada,
            },
          },
        }
      : { status: 400, body: flowWithError(4_000_006, "The provided credentials are invalid.") },
  "GET /sessions/whoami": ({ headers }) =>
    headers["x-session-token"] === "kratos-token"
      ? { body: { id: "session-1", active: true, identity: ada } }
      : { status: 401, body: { error: { reason: "No valid session." } } },
  "GET /self-service/verification/api": { body: flow("verification-1") },
  "POST /self-service/verification": { body: flow("verification-1", { state: "sent_email" }) },
  "GET /self-service/recovery/api": {
    status: 400,
    body: { error: { code: 400, reason: "Recovery is not allowed because it was disabled." } },
  },
  "DELETE /self-service/logout/api": { status: 204 },
});

export const kratosAdmin = (): Answers => ({
  [`GET /admin/identities/${ada.id}`]: { body: ada },
  "GET /admin/identities": {
    body: [ada, { ...ada, id: "2", traits: { email: "<script>alert(1)</script>@x.org" } }],
    headers: { link: '</admin/identities?page_size=25&page_token=second>; rel="next"' },
  },
});

/** Hydra's admin port; `requests` is what it says about the challenge "c". */
export const hydraAdmin = (requests: { login?: object; consent?: object } = {}): Answers => ({
  "GET /admin/oauth2/auth/requests/login": ({ query }) =>
    query.get("login_challenge") === "c"
      ? {
          body: {
            challenge: "c",
            skip: false,
            subject: "",
            session_id: "hydra-session",
            request_url: "http://hydra",
            client: { client_id: "shop", client_name: "<b>Shop</b>" },
            ...requests.login,
          },
        }
      : { status: 404, body: { error: "not found" } },
  "PUT /admin/oauth2/auth/requests/login/accept": { body: { redirect_to: "https://api.acme/after-login" } },
  "PUT /admin/oauth2/auth/requests/login/reject": { body: { redirect_to: "https://api.acme/rejected" } },
  "GET /admin/oauth2/auth/requests/consent": {
    body: {
      challenge: "c",
      subject: ada.id,
      requested_scope: ["openid", "email"],
      requested_access_token_audience: [],
      ...requests.consent,
    },
  },
  "PUT /admin/oauth2/auth/requests/consent/accept": {
    body: { redirect_to: "https://api.acme/after-consent" },
  },
  "PUT /admin/oauth2/auth/requests/consent/reject": { body: { redirect_to: "https://api.acme/rejected" } },
  "PUT /admin/oauth2/auth/requests/logout/accept": { body: { redirect_to: "https://api.acme/after-logout" } },
  "DELETE /admin/oauth2/auth/sessions/login": { status: 204 },
  "GET /admin/clients/shop": {
    body: { client_id: "shop", redirect_uris: ["https://shop.example/callback"] },
  },
  "GET /admin/clients": { body: [{ client_id: "shop", client_name: "<b>Shop</b>", redirect_uris: [] }] },
});
