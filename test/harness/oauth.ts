import { createHash, randomBytes } from "node:crypto";
import { createLocalJWKSet, type JSONWebKeySet } from "jose";
import type { Page } from "playwright-core";
import type { Application, Returned } from "./application.ts";
import { type Login, submitLogin } from "./browser.ts";
import type { Answer, Visitor } from "./visitor.ts";

/** An OAuth2 client at one tenant. */
export interface Client {
  /** Origin of the tenant's Hydra. */
  readonly api: string;
  readonly id: string;
  readonly secret?: string | undefined;
  readonly application: Application;
}

/** One authorization request and what belongs to it. */
export interface Attempt {
  readonly url: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
}

const random = () => randomBytes(24).toString("base64url");

/** @param change parameters laid over the usual ones; undefined leaves one out */
export function authorization(client: Client, change: Record<string, string | undefined> = {}): Attempt {
  const [state, nonce, verifier] = [random(), random(), random() + random()];
  const parameters = {
    client_id: client.id,
    response_type: "code",
    scope: "openid offline_access",
    redirect_uri: client.application.redirectUri,
    state,
    nonce,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...change,
  };
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) if (value !== undefined) query.set(key, value);
  return { url: `${client.api}/oauth2/auth?${query}`, state, nonce, verifier };
}

/** Sends a browser through sign-in and consent until it is back at the application. */
export async function authorize(
  page: Page,
  client: Client,
  attempt: Attempt,
  login: Login,
): Promise<Returned> {
  await page.goto(attempt.url);
  await submitLogin(page, login);
  await page.waitForURL(`${client.application.redirectUri}?**`);
  const answer = client.application.answerFor(attempt.state);
  if (!answer) throw new Error(`the application has not seen the state of ${attempt.url}`);
  return answer;
}

/** Calls the token endpoint as the client would: with its secret if it has one, else with its id alone. */
export function tokenRequest(
  visitor: Visitor,
  client: Client,
  form: Readonly<Record<string, string>>,
): Promise<Answer> {
  const basic = Buffer.from(`${client.id}:${client.secret ?? ""}`).toString("base64");
  return visitor.call(`${client.api}/oauth2/token`, {
    ...(client.secret !== undefined && { headers: { authorization: `Basic ${basic}` } }),
    form: { ...(client.secret === undefined && { client_id: client.id }), ...form },
  });
}

export function exchange(
  visitor: Visitor,
  client: Client,
  attempt: Attempt,
  { code = "" }: Returned,
): Promise<Answer> {
  return tokenRequest(visitor, client, {
    grant_type: "authorization_code",
    redirect_uri: client.application.redirectUri,
    code,
    code_verifier: attempt.verifier,
  });
}

export const refresh = (visitor: Visitor, client: Client, token: string) =>
  tokenRequest(visitor, client, { grant_type: "refresh_token", refresh_token: token });

export function tokensOf({ status, text }: Answer): Tokens {
  if (status !== 200) throw new Error(`token endpoint: ${status} ${text}`);
  return JSON.parse(text) as Tokens;
}

/** The whole way: browser, sign-in, consent, exchange. */
export async function obtainTokens(
  page: Page,
  visitor: Visitor,
  client: Client,
  login: Login,
): Promise<Tokens> {
  const attempt = authorization(client);
  return tokensOf(await exchange(visitor, client, attempt, await authorize(page, client, attempt, login)));
}

export const userinfo = (visitor: Visitor, api: string, accessToken: string) =>
  visitor.call(`${api}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } });

/** The tenant's public signing keys, as the outside gets them. */
export async function jwks(visitor: Visitor, api: string): Promise<JSONWebKeySet> {
  const { status, text } = await visitor.call(`${api}/.well-known/jwks.json`);
  if (status !== 200) throw new Error(`${api}: JWKS answered ${status}`);
  return JSON.parse(text) as JSONWebKeySet;
}

export const verifierKeys = async (visitor: Visitor, api: string) =>
  createLocalJWKSet(await jwks(visitor, api));
