import { html } from "../web/html.ts";
import { ask, Refusal } from "../web/ory.ts";
import { notice, page } from "../web/page.ts";
import { type Reply, redirect } from "../web/reply.ts";
import type { Visit } from "../web/server.ts";
import type { Hera } from "./context.ts";
import { trait } from "./people.ts";
import { currentSession } from "./session.ts";

export async function home(hera: Hera, visit: Visit): Promise<Reply> {
  // Hydra sends errors that have nowhere else to go to the error page; older settings send them here.
  if (visit.query.has("error")) return redirect(`/error?${visit.query}`);
  const signedIn = await currentSession(hera, visit);
  if (!signedIn) {
    return page({
      title: "You are not signed in",
      tenant: visit.tenant,
      body: html`<p>Sign in here, or open one of the applications that use this sign-in.</p>
<nav><a id="login-link" href="/login">Sign in</a> <a id="registration-link" href="/registration">Create an account</a></nav>`,
    });
  }
  const { identity } = signedIn.session;
  return page({
    title: "You are signed in",
    tenant: visit.tenant,
    body: html`<p>as <strong id="email">${trait(identity, "email") ?? identity?.id}</strong></p>
<nav><a id="settings-link" href="/settings">Change password</a> <a id="logout-link" href="/logout">Sign out</a></nav>`,
  });
}

const longestShown = 300;
const shorten = (text: string) => (text.length > longestShown ? `${text.slice(0, longestShown)}…` : text);

/** Shows what Hydra or Kratos reports. Anyone can write such a link, so the words are marked as a report. */
export async function errorPage(hera: Hera, visit: Visit): Promise<Reply> {
  const { query, tenant } = visit;
  const id = query.get("id");
  const report = id
    ? await kratosReport(hera, id)
    : [query.get("error"), query.get("error_description"), query.get("error_hint")];
  const words = report.filter((text): text is string => Boolean(text)).map(shorten);
  return notice(
    400,
    tenant,
    "That did not work",
    "The request was refused. Go back to the application and try again.",
    words.length > 0
      ? html`<p class="hint">Reported: <code id="report">${words.join(" · ")}</code></p>`
      : undefined,
  );
}

async function kratosReport(hera: Hera, id: string): Promise<(string | undefined)[]> {
  const flow = await ask(hera.flows.getFlowError({ id }));
  if (flow instanceof Refusal) return ["unknown error id"];
  const { message, reason } = (flow.error ?? {}) as { message?: string; reason?: string };
  return [message, reason];
}
