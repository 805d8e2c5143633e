import { alerts, field, hidden, status } from "../web/fields.ts";
import { html } from "../web/html.ts";
import { ask, type Faults, formFault, noFaults, Refusal } from "../web/ory.ts";
import { page } from "../web/page.ts";
import { type Reply, redirect } from "../web/reply.ts";
import type { Visit } from "../web/server.ts";
import type { Hera } from "./context.ts";
import { trait } from "./people.ts";
import { currentSession, type SignedIn } from "./session.ts";

function passwordPage(visit: Visit, { session }: SignedIn, faults: Faults): Reply {
  const email = trait(session.identity, "email");
  return page({
    title: "Change password",
    tenant: visit.tenant,
    status: faults === noFaults ? 200 : 400,
    body: html`${visit.query.has("recovered") && status("Choose a new password now.")}${alerts(faults)}
<form id="settings-form" method="post" action="/settings">
${visit.formToken("/settings")}
${
  // Password managers file the new password under this name.
  hidden("username", email)
}
${field({ name: "password", label: "New password", type: "password", autocomplete: "new-password" }, faults)}
${field({ name: "repeat", label: "The same again", type: "password", autocomplete: "new-password" }, faults)}
<button id="submit" type="submit">Change password</button>
</form>
<nav><a href="/">Back</a></nav>`,
  });
}

export async function showSettings(hera: Hera, visit: Visit): Promise<Reply> {
  const signedIn = await currentSession(hera, visit);
  return signedIn ? passwordPage(visit, signedIn, noFaults) : redirect("/login?next=settings");
}

export async function submitSettings(hera: Hera, visit: Visit): Promise<Reply> {
  const signedIn = await currentSession(hera, visit);
  if (!signedIn) return redirect("/login?next=settings");
  const password = visit.form.get("password") ?? "";
  if (password !== visit.form.get("repeat")) {
    return passwordPage(visit, signedIn, formFault("The two passwords differ."));
  }
  const xSessionToken = signedIn.token;
  const flow = await ask(hera.flows.createNativeSettingsFlow({ xSessionToken }));
  const changed =
    flow instanceof Refusal
      ? flow
      : await ask(
          hera.flows.updateSettingsFlow({
            flow: flow.id,
            xSessionToken,
            updateSettingsFlowBody: { method: "password", password },
          }),
        );
  if (changed instanceof Refusal) {
    // Kratos wants a fresh sign-in before it changes a password (privileged_session_max_age).
    if (changed.errorId === "session_refresh_required") return redirect("/login?next=settings");
    return passwordPage(visit, signedIn, changed.words());
  }
  return page({
    title: "Password changed",
    tenant: visit.tenant,
    body: html`${status("From now on, sign in with the new password.")}<nav><a id="home-link" href="/">Continue</a></nav>`,
  });
}
