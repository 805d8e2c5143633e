import { alerts, field, hidden, status } from "../web/fields.ts";
import { html } from "../web/html.ts";
import { ask, type Faults, flowFaults, formFault, noFaults, Refusal } from "../web/ory.ts";
import { notice, page } from "../web/page.ts";
import type { Reply } from "../web/reply.ts";
import type { Visit } from "../web/server.ts";
import type { Hera } from "./context.ts";

function askForAddress(visit: Visit, faults: Faults): Reply {
  return page({
    title: "Verify your address",
    tenant: visit.tenant,
    status: faults === noFaults ? 200 : 400,
    body: html`${alerts(faults)}
<form id="verification-form" method="post" action="/verification">
${visit.formToken("/verification")}
${field({ name: "email", label: "E-mail address", type: "email", autocomplete: "email" }, faults)}
<button id="submit" type="submit">Send a code</button>
</form>`,
  });
}

function askForCode(visit: Visit, flow: string, faults: Faults, challenge?: string, code?: string): Reply {
  return page({
    title: "Verify your address",
    tenant: visit.tenant,
    status: faults === noFaults ? 200 : 400,
    body: html`${faults === noFaults ? status("A code is on its way to your e-mail address.") : alerts(faults)}
<form id="verification-code-form" method="post" action="/verification">
${visit.formToken("/verification")}${hidden("flow", flow)}${hidden("challenge", challenge)}
${field({ name: "code", label: "Code", autocomplete: "one-time-code", value: code, hint: "Six digits, from the message." }, faults)}
<button id="submit" type="submit">Verify</button>
</form>
<nav><a id="again-link" href="/verification">Send another code</a></nav>`,
  });
}

/** Not 404: the page is there, and says no; where a UI has none, Caddy shows one of the tenant's. */
const switchedOff = (visit: Visit) =>
  notice(
    403,
    visit.tenant,
    "No verification here",
    "Addresses are not verified here: this tenant sends no mail. Ask its administrator.",
  );

/** Starts a verification for the address and asks for the code. Kratos answers alike for unknown addresses. */
export async function sendVerificationCode(
  hera: Hera,
  visit: Visit,
  email: string,
  challenge?: string,
): Promise<Reply> {
  const flow = await ask(hera.flows.createNativeVerificationFlow());
  if (flow instanceof Refusal) {
    return flow.disabled ? switchedOff(visit) : askForAddress(visit, flow.words());
  }
  const sent = await ask(
    hera.flows.updateVerificationFlow({
      flow: flow.id,
      updateVerificationFlowBody: { method: "code", email },
    }),
  );
  return sent instanceof Refusal
    ? askForAddress(visit, sent.words())
    : askForCode(visit, flow.id, noFaults, challenge);
}

export async function showVerification(hera: Hera, visit: Visit): Promise<Reply> {
  const flow = visit.query.get("flow");
  // A message's link or a registration that just sent its code; the code stays a matter of the form.
  if (flow) return askForCode(visit, flow, noFaults, undefined, visit.query.get("code") ?? undefined);
  const probe = await ask(hera.flows.createNativeVerificationFlow());
  return probe instanceof Refusal && probe.disabled ? switchedOff(visit) : askForAddress(visit, noFaults);
}

export async function submitVerification(hera: Hera, visit: Visit): Promise<Reply> {
  const flow = visit.form.get("flow");
  if (!flow) return sendVerificationCode(hera, visit, visit.form.get("email")?.trim() ?? "");
  const challenge = visit.form.get("challenge") ?? undefined;
  const verified = await ask(
    hera.flows.updateVerificationFlow({
      flow,
      updateVerificationFlowBody: { method: "code", code: visit.form.get("code")?.trim() ?? "" },
    }),
  );
  if (verified instanceof Refusal) {
    return verified.expired
      ? askForAddress(visit, formFault("That code is too old. Send another one."))
      : askForCode(visit, flow, verified.words(), challenge);
  }
  if (verified.state !== "passed_challenge") {
    return askForCode(visit, flow, flowFaults(verified.ui), challenge);
  }
  // The application's own sign-in, if one is waiting, goes on where it was interrupted.
  const next = challenge ? `/login?${new URLSearchParams({ login_challenge: challenge })}` : "/login";
  return page({
    title: "Address verified",
    tenant: visit.tenant,
    body: html`${status("Your address is verified.")}<nav><a id="login-link" href="${next}">Sign in</a></nav>`,
  });
}
