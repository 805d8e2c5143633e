import { ask, Refusal } from "../web/ory.ts";
import { notice } from "../web/page.ts";
import { type Reply, redirect } from "../web/reply.ts";
import type { Visit } from "../web/server.ts";
import type { Hera } from "./context.ts";
import { activeIdentity, emailVerified, trait } from "./people.ts";

const rememberSeconds = 24 * 3600;

/** Accepts without asking, as Hera does: all clients of a tenant are the tenant's own. */
export async function consent(hera: Hera, visit: Visit): Promise<Reply> {
  const consentChallenge = visit.query.get("consent_challenge") ?? "";
  const request = await ask(hera.hydra.getOAuth2ConsentRequest({ consentChallenge }));
  const answer = request instanceof Refusal ? request : await decide();
  return answer instanceof Refusal
    ? notice(
        400,
        visit.tenant,
        "Request expired",
        "This request is over or was used already. Go back to the application and start again.",
      )
    : redirect(answer.redirect_to);

  async function decide() {
    if (request instanceof Refusal) return request;
    // From Kratos and not from the login's context: the address may have changed since a remembered sign-in.
    const identity = await activeIdentity(hera, request.subject);
    if (!identity) {
      const rejectOAuth2Request = { error: "access_denied", error_description: "The account is not active." };
      return ask(hera.hydra.rejectOAuth2ConsentRequest({ consentChallenge, rejectOAuth2Request }));
    }
    const scopes = request.requested_scope ?? [];
    const email = scopes.includes("email") ? trait(identity, "email") : undefined;
    return ask(
      hera.hydra.acceptOAuth2ConsentRequest({
        consentChallenge,
        acceptOAuth2ConsentRequest: {
          grant_scope: scopes,
          grant_access_token_audience: request.requested_access_token_audience ?? [],
          remember: true,
          remember_for: rememberSeconds,
          session: {
            id_token: email === undefined ? {} : { email, email_verified: emailVerified(identity, email) },
          },
        },
      }),
    );
  }
}
