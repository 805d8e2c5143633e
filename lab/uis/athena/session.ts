import type { Identity } from "@ory/client-fetch";
import { dropCookie, type HostCookie, setCookie } from "../web/cookies.ts";
import { ask, Refusal } from "../web/ory.ts";
import type { Visit } from "../web/server.ts";
import type { Athena, AthenaSession } from "./context.ts";

export interface Operator {
  subject: string;
  /** E-mail address, or the id where the schema has none. */
  name: string;
  role: string;
}

const cookie: HostCookie = "__Host-athena-session";

export const keepSession = (athena: Athena, session: AthenaSession) =>
  setCookie(cookie, athena.sessions.sign(session), athena.sessions.seconds);

export const forgetSession = () => dropCookie(cookie);

export const presentedSession = (athena: Athena, visit: Visit): AthenaSession | undefined =>
  athena.sessions.verify(visit.cookies.get(cookie));

function operatorFrom({ id, traits }: Identity): Operator {
  const { email, role }: Record<string, unknown> = typeof traits === "object" ? (traits ?? {}) : {};
  return {
    subject: id,
    name: typeof email === "string" ? email : id,
    // As in Athena: anyone who signs in without a role may look at nothing much.
    role: typeof role === "string" ? role : "viewer",
  };
}

/** The account as Kratos has it now: nothing when it is gone or switched off. */
export async function operatorById(athena: Athena, id: string): Promise<Operator | undefined> {
  const identity = await ask(athena.operators.getIdentity({ id }));
  return identity instanceof Refusal || identity.state !== "active" ? undefined : operatorFrom(identity);
}

/**
 * Who is signed in. The cookie says only who; the role is read again each time, so that taking the admin role
 * from someone works at once and not when a cookie runs out.
 */
export async function currentOperator(athena: Athena, visit: Visit): Promise<Operator | undefined> {
  const session = presentedSession(athena, visit);
  return session && operatorById(athena, session.subject);
}
