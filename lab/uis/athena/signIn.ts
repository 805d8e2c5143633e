import { createHash, randomBytes } from "node:crypto";
import { dropCookie, type HostCookie, setCookie } from "../web/cookies.ts";
import { html } from "../web/html.ts";
import { ask, UpstreamDown, upstreamFetch } from "../web/ory.ts";
import { notice, page } from "../web/page.ts";
import { type Reply, redirect } from "../web/reply.ts";
import type { Visit } from "../web/server.ts";
import { sameText } from "../web/signed.ts";
import type { Athena, Attempt } from "./context.ts";
import { forgetSession, keepSession, operatorById, presentedSession } from "./session.ts";

const cookie: HostCookie = "__Host-athena-attempt";
const callbackUrl = (athena: Athena) => `${athena.appUrl}/api/auth/callback`;

export function startSignIn(athena: Athena): Reply {
  const random = () => randomBytes(32).toString("base64url");
  const attempt: Attempt = { state: random(), nonce: random(), verifier: random() };
  const query = new URLSearchParams({
    client_id: athena.clientId,
    response_type: "code",
    // No more: who someone is and what they may do is read from Kratos, not from the token.
    scope: "openid",
    redirect_uri: callbackUrl(athena),
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: createHash("sha256").update(attempt.verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const kept = setCookie(cookie, athena.attempts.sign(attempt), athena.attempts.seconds);
  return redirect(`${athena.authorizeUrl}?${query}`, [kept]);
}

const tryAgain = html`<nav><a id="login-link" href="/api/auth/login">Sign in again</a></nav>`;
const failed = (visit: Visit, text: string, status = 400): Reply => ({
  ...notice(status, visit.tenant, "Sign-in failed", text, tryAgain),
  cookies: [dropCookie(cookie)],
});

export async function finishSignIn(athena: Athena, visit: Visit): Promise<Reply> {
  const attempt = athena.attempts.verify(visit.cookies.get(cookie));
  if (!attempt) return failed(visit, "This browser has no sign-in under way, or it took too long.");
  if (!sameText(attempt.state, visit.query.get("state") ?? "")) {
    return failed(visit, "The answer belongs to another sign-in.");
  }
  const refused = visit.query.get("error_description") ?? visit.query.get("error");
  if (refused) return failed(visit, `Hydra refused: ${refused.slice(0, 300)}`, 403);

  const token = await exchange(athena, visit.query.get("code") ?? "", attempt.verifier);
  if (token === undefined) return failed(visit, "Hydra did not take the code.");
  const claims = await athena.verifyIdToken(token, attempt.nonce);
  if (!claims) return failed(visit, "The ID token is not valid here.");
  const operator = await operatorById(athena, claims.subject);
  if (!operator) return failed(visit, "There is no active account behind this sign-in.", 403);

  const { subject, hydraSession } = claims;
  const session = keepSession(athena, { subject, ...(hydraSession !== undefined && { hydraSession }) });
  return redirect("/", [dropCookie(cookie), session]);
}

/** Over the tenant's own network, at Hydra's internal address. The client is public: PKCE stands for its secret. */
async function exchange(athena: Athena, code: string, verifier: string): Promise<string | undefined> {
  const response = await upstreamFetch(athena.tokenUrl, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: athena.clientId,
      redirect_uri: callbackUrl(athena),
      code,
      code_verifier: verifier,
    }),
  });
  if (response.status >= 500) throw new UpstreamDown(`token endpoint: answered ${response.status}`);
  const answer = (await response.json()) as { id_token?: unknown; error?: unknown };
  if (!response.ok) console.error(`code refused: ${answer.error}`);
  return typeof answer.id_token === "string" ? answer.id_token : undefined;
}

/** Ends Hydra's session too, or the next visit would sign the person straight in again. */
export async function signOut(athena: Athena, visit: Visit): Promise<Reply> {
  const sid = presentedSession(athena, visit)?.hydraSession;
  if (sid !== undefined) await ask(athena.operatorHydra.revokeOAuth2LoginSessions({ sid }));
  return redirect("/signed-out", [forgetSession()]);
}

export const signedOut = (visit: Visit): Reply =>
  page({
    title: "You are signed out",
    tenant: visit.tenant,
    body: html`<nav><a id="login-link" href="/api/auth/login">Sign in</a></nav>`,
  });
