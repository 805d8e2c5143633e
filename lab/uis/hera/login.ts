import { randomBytes } from "node:crypto";
import type { OAuth2LoginRequest, SuccessfulNativeLogin } from "@ory/client-fetch";
import { alerts, field, hidden } from "../web/fields.ts";
import { html } from "../web/html.ts";
import { ask, type Faults, formFault, noFaults, Refusal } from "../web/ory.ts";
import { notice, page } from "../web/page.ts";
import { type Reply, redirect } from "../web/reply.ts";
import type { Visit } from "../web/server.ts";
import type { Hera } from "./context.ts";
import { activeIdentity, trait } from "./people.ts";
import { currentSession, keepSession } from "./session.ts";
import { sendVerificationCode } from "./verification.ts";

/** Kratos's words for "the password is right, but no address of this account is verified yet". */
const addressNotVerified = 4_000_010;
const rememberSeconds = 24 * 3600;

/** Pages of ours to which a sign-in may return: a list, so that no link can send a person elsewhere. */
const nextPages: Readonly<Record<string, string>> = { settings: "/settings", home: "/" };

function loginPage(
  visit: Visit,
  request: OAuth2LoginRequest | undefined,
  faults: Faults,
  identifier = "",
): Reply {
  const { client } = request ?? {};
  const purpose =
    client &&
    html`<p>to continue to <strong id="client">${client.client_name || client.client_id}</strong></p>`;
  return page({
    title: "Sign in",
    tenant: visit.tenant,
    status: faults === noFaults ? 200 : 401,
    formsLead: "anywhere",
    body: html`${purpose}${alerts(faults)}
<form id="login-form" method="post" action="/login">
${visit.formToken("/login")}${hidden("challenge", request?.challenge)}${hidden("next", visit.query.get("next") ?? visit.form.get("next") ?? undefined)}
${field({ name: "identifier", label: "E-mail or user name", autocomplete: "username", value: identifier }, faults)}
${field({ name: "password", label: "Password", type: "password", autocomplete: "current-password" }, faults)}
<button id="submit" type="submit">Sign in</button>
</form>
<nav><a id="recovery-link" href="/recovery">Forgot the password?</a> <a id="registration-link" href="/registration${request && `?${new URLSearchParams({ login_challenge: request.challenge })}`}">Create an account</a></nav>`,
  });
}

const expiredRequest = (visit: Visit) =>
  notice(
    400,
    visit.tenant,
    "Sign-in expired",
    "This sign-in is over or was used already. Go back to the application and start again.",
  );

/**
 * Without a challenge nobody asked for this sign-in, so Hera asks in the name of the default client, as the real one does
 * (@519efa0): without PKCE, and with a state that the client never made.
 */
async function askForDefaultClient(hera: Hera, clientId: string): Promise<Reply | undefined> {
  const client = await ask(hera.hydra.getOAuth2Client({ id: clientId }));
  const redirectUri = client instanceof Refusal ? undefined : client.redirect_uris?.[0];
  if (redirectUri === undefined) {
    console.error(`DEFAULT_OAUTH2_CLIENT_ID: Hydra has no client ${clientId} with a redirect URI`);
    return undefined;
  }
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    scope: "openid profile email",
    redirect_uri: redirectUri,
    state: randomBytes(32).toString("hex"),
  });
  return redirect(`${hera.hydraPublicUrl}/oauth2/auth?${query}`);
}

export async function showLogin(hera: Hera, visit: Visit): Promise<Reply> {
  if (hera.closed) return notice(503, visit.tenant, "Nobody can sign in", hera.closed);
  const challenge = visit.query.get("login_challenge");
  if (!challenge) {
    // Someone sent back by a page of ours wants that page, not an application.
    const ours = visit.query.has("next");
    const asked = !ours && hera.defaultClientId && (await askForDefaultClient(hera, hera.defaultClientId));
    if (asked) return asked;
    if (!ours && (await currentSession(hera, visit))) return redirect("/");
    return loginPage(visit, undefined, noFaults);
  }
  const request = await ask(hera.hydra.getOAuth2LoginRequest({ loginChallenge: challenge }));
  if (request instanceof Refusal) return expiredRequest(visit);
  if (!request.skip) return loginPage(visit, request, noFaults, request.oidc_context?.login_hint);
  const identity = await activeIdentity(hera, request.subject);
  const answer = identity
    ? await ask(
        hera.hydra.acceptOAuth2LoginRequest({
          loginChallenge: challenge,
          acceptOAuth2LoginRequest: {
            subject: request.subject,
            context: { email: trait(identity, "email") },
          },
        }),
      )
    : await ask(
        hera.hydra.rejectOAuth2LoginRequest({
          loginChallenge: challenge,
          rejectOAuth2Request: { error: "access_denied", error_description: "The account is not active." },
        }),
      );
  return answer instanceof Refusal ? expiredRequest(visit) : redirect(answer.redirect_to);
}

/** Kratos's flow for programs, from start to end in one go: Kratos itself needs no public address. */
async function kratosLogin(hera: Hera, identifier: string, password: string) {
  const flow = await ask(hera.flows.createNativeLoginFlow());
  if (flow instanceof Refusal) return flow;
  return ask(
    hera.flows.updateLoginFlow({
      flow: flow.id,
      updateLoginFlowBody: { method: "password", identifier, password },
    }),
  );
}

async function acceptChallenge(
  hera: Hera,
  visit: Visit,
  request: OAuth2LoginRequest,
  login: SuccessfulNativeLogin,
) {
  const { identity, authentication_methods: methods } = login.session;
  if (!identity) return expiredRequest(visit);
  const accepted = await ask(
    hera.hydra.acceptOAuth2LoginRequest({
      loginChallenge: request.challenge,
      acceptOAuth2LoginRequest: {
        subject: identity.id,
        remember: true,
        remember_for: rememberSeconds,
        acr: login.session.authenticator_assurance_level ?? "aal1",
        amr: (methods ?? []).flatMap(({ method }) =>
          method === "password" ? ["pwd"] : method ? [method] : [],
        ),
        context: { email: trait(identity, "email") },
      },
    }),
  );
  if (accepted instanceof Refusal) return expiredRequest(visit);
  const session = {
    token: login.session_token ?? "",
    ...(request.session_id && { hydraSession: request.session_id }),
  };
  return redirect(accepted.redirect_to, [keepSession(hera, session)]);
}

export async function submitLogin(hera: Hera, visit: Visit): Promise<Reply> {
  if (hera.closed) return notice(503, visit.tenant, "Nobody can sign in", hera.closed);
  const challenge = visit.form.get("challenge");
  const identifier = visit.form.get("identifier")?.trim() ?? "";
  const password = visit.form.get("password") ?? "";
  const request = challenge
    ? await ask(hera.hydra.getOAuth2LoginRequest({ loginChallenge: challenge }))
    : undefined;
  if (request instanceof Refusal) return expiredRequest(visit);
  if (!identifier || !password) return loginPage(visit, request, formFault("Enter both."), identifier);

  const login = await kratosLogin(hera, identifier, password);
  if (login instanceof Refusal) {
    if (login.hasMessage(addressNotVerified) || login.errorId === "session_verified_address_required") {
      return sendVerificationCode(hera, visit, identifier, challenge ?? undefined);
    }
    return loginPage(visit, request, login.words(), identifier);
  }
  if (request) return acceptChallenge(hera, visit, request, login);
  const next = nextPages[visit.form.get("next") ?? "home"] ?? "/";
  return redirect(next, [keepSession(hera, { token: login.session_token ?? "" })]);
}
