import { execa } from "execa";
import type { EngineClient } from "./engineClient.ts";

/** What somebody holds who stays signed in. */
export interface Held {
  readonly session: string;
  readonly refresh: string;
  readonly client: string;
  readonly secret: string;
}

/** Beside Athena, whose environment says where everything is: signs in as applications without a browser do. */
const beginning = `
const { HYDRA_PUBLIC_URL: hydra, HYDRA_ADMIN_URL: admin, KRATOS_PUBLIC_URL: kratos, KRATOS_ADMIN_URL: people } = process.env;
const [email, password] = ["long@example.org", "correct horse battery staple 9"];
const cookies = new Map();
const call = async (method, url, body) => {
  const { pathname, search } = new URL(url);
  const base = url.startsWith(admin) || url.startsWith(kratos) || url.startsWith(people) ? url : hydra + pathname + search;
  const answer = await fetch(base, {
    method,
    redirect: "manual",
    headers: { "content-type": "application/json", "x-forwarded-proto": "https", cookie: [...cookies].map((one) => one.join("=")).join("; ") },
    body: body && JSON.stringify(body),
  });
  for (const one of answer.headers.getSetCookie()) cookies.set(...one.split(";")[0].split(/=(.*)/s).slice(0, 2));
  const text = await answer.text();
  if (answer.status >= 400) throw new Error(method + " " + url + ": " + answer.status + " " + text);
  return { to: answer.headers.get("location"), json: text.startsWith("{") ? JSON.parse(text) : undefined };
};
const main = async () => {
  await call("POST", people + "/admin/identities", { schema_id: "default", traits: { email }, credentials: { password: { config: { password } } } });
  const flow = (await call("GET", kratos + "/self-service/login/api")).json;
  const login = await call("POST", kratos + "/self-service/login?flow=" + flow.id, { method: "password", identifier: email, password });
  const { client_id, client_secret } = (await call("POST", admin + "/admin/clients", {
    grant_types: ["authorization_code", "refresh_token"], response_types: ["code"], scope: "openid offline_access",
    redirect_uris: ["https://app.example/back"], token_endpoint_auth_method: "client_secret_post",
  })).json;
  const query = new URLSearchParams({ client_id, response_type: "code", scope: "openid offline_access", state: "0123456789abcdef", redirect_uri: "https://app.example/back" });
  let { to } = await call("GET", hydra + "/oauth2/auth?" + query);
  for (const [kind, body] of [["login", { subject: "long" }], ["consent", { grant_scope: ["openid", "offline_access"] }]]) {
    const challenge = new URL(to).searchParams.get(kind + "_challenge");
    const url = admin + "/admin/oauth2/auth/requests/" + kind + "/accept?" + kind + "_challenge=" + challenge;
    ({ to } = await call("GET", (await call("PUT", url, body)).json.redirect_to));
  }
  const form = new URLSearchParams({ grant_type: "authorization_code", code: new URL(to).searchParams.get("code"), redirect_uri: "https://app.example/back", client_id, client_secret });
  const tokens = await (await fetch(hydra + "/oauth2/token", { method: "POST", body: form, headers: { "x-forwarded-proto": "https" } })).json();
  console.log(JSON.stringify({ session: login.json.session_token, refresh: tokens.refresh_token, client: client_id, secret: client_secret }));
};
main().catch((error) => { console.error(error.message); process.exit(1); });
`;

const goingOn = `
const { HYDRA_PUBLIC_URL: hydra, KRATOS_PUBLIC_URL: kratos } = process.env;
const { session, refresh, client, secret } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const main = async () => {
  const who = await fetch(kratos + "/sessions/whoami", { headers: { "x-session-token": session } });
  const form = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refresh, client_id: client, client_secret: secret });
  const token = await fetch(hydra + "/oauth2/token", { method: "POST", body: form, headers: { "x-forwarded-proto": "https" } });
  const { refresh_token } = await token.json();
  console.log(JSON.stringify({ session: who.status, token: token.status, refresh: refresh_token }));
};
main().catch((error) => { console.error(error.message); process.exit(1); });
`;

async function beside({ dockerHost }: EngineClient, tenant: string, script: string, input: string) {
  const { stdout } = await execa("docker", ["exec", "-i", `${tenant}-athena`, "node", "-e", script], {
    env: { DOCKER_HOST: dockerHost },
    input,
  });
  return JSON.parse(stdout);
}

/** Somebody signs in at Kratos, and at an application with Hydra. */
export const signIn = (engine: EngineClient, tenant: string): Promise<Held> =>
  beside(engine, tenant, beginning, "");

/** Uses what they hold; a refresh token is good once, the answer has the next. */
export const goOn = (
  engine: EngineClient,
  tenant: string,
  held: Held,
): Promise<{ readonly session: number; readonly token: number; readonly refresh: string }> =>
  beside(engine, tenant, goingOn, JSON.stringify(held));
