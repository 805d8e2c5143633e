import type { RegistrationFlow, UiNode } from "@ory/client-fetch";
import { alerts, field, hidden } from "../web/fields.ts";
import { html } from "../web/html.ts";
import { ask, type Faults, noFaults, Refusal } from "../web/ory.ts";
import { notice, page } from "../web/page.ts";
import { type Reply, redirect } from "../web/reply.ts";
import type { Visit } from "../web/server.ts";
import type { Hera } from "./context.ts";
import { keepSession } from "./session.ts";

interface TraitInput {
  name: string;
  label: string;
  type: string;
  required: boolean;
  autocomplete: string;
}

const autocompleteOf = (type: string, given: string | undefined) =>
  given ?? ({ email: "email", tel: "tel", url: "url" } as Record<string, string>)[type] ?? "on";

/** The tenant's identity schema decides what is asked; Kratos turns it into these nodes. */
function traitInputs(nodes: readonly UiNode[]): TraitInput[] {
  return nodes.flatMap(({ attributes, meta }) => {
    if (attributes.node_type !== "input" || !attributes.name.startsWith("traits.")) return [];
    const { name, type, required = false, autocomplete } = attributes;
    const label = meta.label?.text ?? name.slice("traits.".length);
    return [{ name, label, type, required, autocomplete: autocompleteOf(type, autocomplete) }];
  });
}

/** The application's sign-in that waits for the new account, if there is one. */
const challengeOf = (visit: Visit) =>
  visit.query.get("login_challenge") ?? visit.form.get("challenge") ?? undefined;

const loginAddress = (visit: Visit) => {
  const challenge = challengeOf(visit);
  return challenge ? `/login?${new URLSearchParams({ login_challenge: challenge })}` : "/login?next=home";
};

function registrationPage(visit: Visit, flow: RegistrationFlow, faults: Faults): Reply {
  return page({
    title: "Create an account",
    tenant: visit.tenant,
    status: faults === noFaults ? 200 : 400,
    formsLead: "anywhere",
    body: html`${alerts(faults)}
<form id="registration-form" method="post" action="/registration">
${visit.formToken("/registration")}${hidden("challenge", challengeOf(visit))}
${traitInputs(flow.ui.nodes).map((input) =>
  input.type === "checkbox"
    ? html`<label><input type="checkbox" name="${input.name}" value="true"> ${input.label}</label>`
    : field({ ...input, value: visit.form.get(input.name) ?? undefined }, faults),
)}
${field({ name: "password", label: "Password", type: "password", autocomplete: "new-password" }, faults)}
<button id="submit" type="submit">Create the account</button>
</form>
<nav><a id="login-link" href="${loginAddress(visit)}">I have an account</a></nav>`,
  });
}

/** `traits.name.first=Ada` becomes { name: { first: "Ada" } }, with the types that the schema's nodes state. */
function traitsFrom(form: URLSearchParams, inputs: readonly TraitInput[]): object {
  const traits: Record<string, unknown> = {};
  for (const { name, type } of inputs) {
    const text = form.get(name)?.trim();
    if (type !== "checkbox" && !text) continue;
    const [last = "", ...parents] = name.split(".").slice(1).reverse();
    let place = traits;
    for (const step of parents.reverse()) {
      place[step] ??= {};
      place = place[step] as Record<string, unknown>;
    }
    place[last] = type === "checkbox" ? text === "true" : type === "number" ? Number(text) : text;
  }
  return traits;
}

/** Not 404: the page is there, and says no; where a UI has none, Caddy shows one of the tenant's. */
const switchedOff = (visit: Visit) =>
  notice(403, visit.tenant, "No registration here", "Accounts are made by this tenant's administrator.");

export async function showRegistration(hera: Hera, visit: Visit): Promise<Reply> {
  if (hera.closed) return notice(503, visit.tenant, "Nobody can sign in", hera.closed);
  const flow = await ask(hera.flows.createNativeRegistrationFlow());
  if (!(flow instanceof Refusal)) return registrationPage(visit, flow, noFaults);
  return flow.disabled
    ? switchedOff(visit)
    : notice(400, visit.tenant, "That did not work", flow.words().form.join(" "));
}

export async function submitRegistration(hera: Hera, visit: Visit): Promise<Reply> {
  if (hera.closed) return notice(503, visit.tenant, "Nobody can sign in", hera.closed);
  const flow = await ask(hera.flows.createNativeRegistrationFlow());
  if (flow instanceof Refusal) return switchedOff(visit);
  const traits = traitsFrom(visit.form, traitInputs(flow.ui.nodes));
  const password = visit.form.get("password") ?? "";
  const registered = await ask(
    hera.flows.updateRegistrationFlow({
      flow: flow.id,
      updateRegistrationFlowBody: { method: "password", traits, password },
    }),
  );
  if (registered instanceof Refusal) return registrationPage(visit, flow, registered.words());
  const cookies = registered.session_token ? [keepSession(hera, { token: registered.session_token })] : [];
  const verification = registered.continue_with?.find((step) => step.action === "show_verification_ui");
  // Where mail is on, an unverified account cannot sign in, and the code is on its way already.
  if (verification) {
    return redirect(`/verification?${new URLSearchParams({ flow: verification.flow.id })}`, cookies);
  }
  return redirect(cookies.length > 0 && !challengeOf(visit) ? "/" : loginAddress(visit), cookies);
}
