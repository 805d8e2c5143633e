import type { Session } from "@ory/client-fetch";
import { dropCookie, type HostCookie, setCookie } from "../web/cookies.ts";
import { ask, Refusal } from "../web/ory.ts";
import type { Visit } from "../web/server.ts";
import type { Hera, HeraSession } from "./context.ts";

const cookie: HostCookie = "__Host-hera-session";

export const keepSession = (hera: Hera, session: HeraSession) =>
  setCookie(cookie, hera.sessions.sign(session), hera.sessions.seconds);

export const forgetSession = () => dropCookie(cookie);

export const presentedSession = (hera: Hera, visit: Visit): HeraSession | undefined =>
  hera.sessions.verify(visit.cookies.get(cookie));

export interface SignedIn extends HeraSession {
  session: Session;
}

/** Kratos has the last word: a session that was revoked there is over here at once. */
export async function currentSession(hera: Hera, visit: Visit): Promise<SignedIn | undefined> {
  const presented = presentedSession(hera, visit);
  if (!presented) return undefined;
  const session = await ask(hera.flows.toSession({ xSessionToken: presented.token }));
  return session instanceof Refusal ? undefined : { ...presented, session };
}

/** Ends what the browser presented, at Kratos and at Hydra. A session that is over already is fine. */
export async function endSessions(hera: Hera, visit: Visit): Promise<void> {
  const presented = presentedSession(hera, visit);
  if (!presented) return;
  await ask(hera.flows.performNativeLogout({ performNativeLogoutBody: { session_token: presented.token } }));
  if (presented.hydraSession) {
    await ask(hera.hydra.revokeOAuth2LoginSessions({ sid: presented.hydraSession }));
  }
}
