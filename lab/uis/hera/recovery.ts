import { alerts, field, hidden, status } from "../web/fields.ts";
import { html } from "../web/html.ts";
import { ask, type Faults, flowFaults, formFault, noFaults, Refusal } from "../web/ory.ts";
import { notice, page } from "../web/page.ts";
import { type Reply, redirect } from "../web/reply.ts";
import type { Visit } from "../web/server.ts";
import type { Hera } from "./context.ts";
import { keepSession } from "./session.ts";

function askForAddress(visit: Visit, faults: Faults): Reply {
  return page({
    title: "Get a new password",
    tenant: visit.tenant,
    status: faults === noFaults ? 200 : 400,
    body: html`${alerts(faults)}
<form id="recovery-form" method="post" action="/recovery">
${visit.formToken("/recovery")}
${field({ name: "email", label: "E-mail address", type: "email", autocomplete: "email" }, faults)}
<button id="submit" type="submit">Send a code</button>
</form>
<nav><a href="/login">Back to sign in</a></nav>`,
  });
}

function askForCode(visit: Visit, flow: string, faults: Faults): Reply {
  return page({
    title: "Get a new password",
    tenant: visit.tenant,
    status: faults === noFaults ? 200 : 400,
    body: html`${
      faults === noFaults
        ? status("If there is an account with this address, a code is on its way to it.")
        : alerts(faults)
    }
<form id="recovery-code-form" method="post" action="/recovery">
${visit.formToken("/recovery")}${hidden("flow", flow)}
${field({ name: "code", label: "Code", autocomplete: "one-time-code", hint: "Six digits, from the message." }, faults)}
<button id="submit" type="submit">Continue</button>
</form>
<nav><a id="again-link" href="/recovery">Send another code</a></nav>`,
  });
}

/** Not 404: the page is there, and says no; where a UI has none, Caddy shows one of the tenant's. */
const switchedOff = (visit: Visit) =>
  notice(
    403,
    visit.tenant,
    "No recovery here",
    "A lost password cannot be replaced here: this tenant sends no mail. Ask its administrator.",
  );

export async function showRecovery(hera: Hera, visit: Visit): Promise<Reply> {
  const probe = await ask(hera.flows.createNativeRecoveryFlow());
  return probe instanceof Refusal && probe.disabled ? switchedOff(visit) : askForAddress(visit, noFaults);
}

async function sendCode(hera: Hera, visit: Visit): Promise<Reply> {
  const flow = await ask(hera.flows.createNativeRecoveryFlow());
  if (flow instanceof Refusal) return flow.disabled ? switchedOff(visit) : askForAddress(visit, flow.words());
  const email = visit.form.get("email")?.trim() ?? "";
  const sent = await ask(
    hera.flows.updateRecoveryFlow({ flow: flow.id, updateRecoveryFlowBody: { method: "code", email } }),
  );
  return sent instanceof Refusal ? askForAddress(visit, sent.words()) : askForCode(visit, flow.id, noFaults);
}

/**
 * A right code makes Kratos open a session in which the password may be changed. Kratos hands the session to
 * programs only under its feature flag use_continue_with_transitions; otherwise it answers 422 with an address
 * for a browser that holds Kratos's cookie, which nobody has here.
 */
export async function submitRecovery(hera: Hera, visit: Visit): Promise<Reply> {
  if (hera.closed) return notice(503, visit.tenant, "Nobody can sign in", hera.closed);
  const flow = visit.form.get("flow");
  if (!flow) return sendCode(hera, visit);
  const code = visit.form.get("code")?.trim() ?? "";
  const recovered = await ask(
    hera.flows.updateRecoveryFlow({ flow, updateRecoveryFlowBody: { method: "code", code } }),
  );
  if (recovered instanceof Refusal) {
    if (recovered.status === 422) {
      return notice(
        501,
        visit.tenant,
        "Recovery is not set up",
        "The code is right, but Kratos needs its feature flag use_continue_with_transitions to go on from here.",
      );
    }
    return recovered.expired
      ? askForAddress(visit, formFault("That code is too old. Send another one."))
      : askForCode(visit, flow, recovered.words());
  }
  const token = recovered.continue_with?.find((step) => step.action === "set_ory_session_token");
  if (!token) return askForCode(visit, flow, flowFaults(recovered.ui));
  return redirect("/settings?recovered", [keepSession(hera, { token: token.ory_session_token })]);
}
