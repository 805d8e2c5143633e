import { html } from "../web/html.ts";
import { ask, Refusal } from "../web/ory.ts";
import { notice, page } from "../web/page.ts";
import { type Reply, redirect } from "../web/reply.ts";
import type { Visit } from "../web/server.ts";
import type { Hera } from "./context.ts";
import { endSessions, forgetSession } from "./session.ts";

/** With a challenge an application has signed the person out; without one the person asks here, by a form. */
export async function showLogout(hera: Hera, visit: Visit): Promise<Reply> {
  const logoutChallenge = visit.query.get("logout_challenge");
  if (!logoutChallenge) {
    return page({
      title: "Sign out",
      tenant: visit.tenant,
      body: html`<p>This ends your session in this browser.</p>
<form id="logout-form" method="post" action="/logout">${visit.formToken("/logout")}
<button id="submit" type="submit">Sign out</button></form>
<nav><a href="/">Stay signed in</a></nav>`,
    });
  }
  const accepted = await ask(hera.hydra.acceptOAuth2LogoutRequest({ logoutChallenge }));
  if (accepted instanceof Refusal) {
    return notice(
      400,
      visit.tenant,
      "Already signed out",
      "This request to sign out is over or was used already.",
    );
  }
  await endSessions(hera, visit);
  return redirect(accepted.redirect_to, [forgetSession()]);
}

export async function submitLogout(hera: Hera, visit: Visit): Promise<Reply> {
  await endSessions(hera, visit);
  return redirect("/", [forgetSession()]);
}
