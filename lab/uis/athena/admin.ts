import { type Html, html } from "../web/html.ts";
import { page } from "../web/page.ts";
import { json, type Reply, redirect } from "../web/reply.ts";
import type { Visit } from "../web/server.ts";
import type { Athena } from "./context.ts";
import { currentOperator, forgetSession, type Operator } from "./session.ts";

type AdminPage = (athena: Athena, visit: Visit, corner: Html) => Promise<Reply>;

const cornerFor = (visit: Visit, { name, role }: Operator): Html =>
  html`<form method="post" action="/api/auth/logout">${visit.formToken("/api/auth/logout")}
<span id="operator">${name}</span> <span id="role">${role}</span>
<button id="sign-out" type="submit">Sign out</button></form>`;

/** A page for administrators. Others learn who they are signed in as, which is the usual cause. */
export const forAdmins = (athena: Athena, show: AdminPage) => async (visit: Visit) => {
  const operator = await currentOperator(athena, visit);
  // An account that vanished keeps no cookie, or it would be sent to sign in for ever.
  if (!operator) return redirect("/api/auth/login", [forgetSession()]);
  const corner = cornerFor(visit, operator);
  if (operator.role === "admin") return show(athena, visit, corner);
  return page({
    title: "Not for this account",
    tenant: visit.tenant,
    status: 403,
    corner,
    body: html`<p id="message" role="alert">You are signed in as <strong>${operator.name}</strong> with the role
<strong>${operator.role}</strong>. These pages are for administrators.</p>`,
  });
};

/** The same for programs in the page: a status, not a page and not a redirect. */
export const forAdminCalls =
  (athena: Athena, answer: (athena: Athena, visit: Visit) => Promise<Reply>) => async (visit: Visit) => {
    const operator = await currentOperator(athena, visit);
    if (!operator) return json(401, { error: "not signed in" });
    return operator.role === "admin"
      ? answer(athena, visit)
      : json(403, { error: "administrators only", signedInAs: operator.name });
  };
