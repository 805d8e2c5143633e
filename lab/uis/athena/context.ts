import { IdentityApi, OAuth2Api } from "@ory/client-fetch";
import { oryAt } from "../web/ory.ts";
import { deriveKey, Signer } from "../web/signed.ts";
import type { AthenaEnvironment } from "./environment.ts";
import { idTokenVerifier } from "./idToken.ts";

/** Who is signed in, kept by the browser under our signature. */
export interface AthenaSession {
  subject: string;
  hydraSession?: string;
}

/** One sign-in under way, kept by the browser that started it. */
export interface Attempt {
  state: string;
  nonce: string;
  verifier: string;
}

/** What every page needs: clients of what is managed, clients of where operators sign in, signing keys. */
export interface Athena {
  identities: IdentityApi;
  clients: OAuth2Api;
  /** Where operators are known; another Kratos than `identities` in the dual shape. */
  operators: IdentityApi;
  operatorHydra: OAuth2Api;
  verifyIdToken: ReturnType<typeof idTokenVerifier>;
  tokenUrl: string;
  authorizeUrl: string;
  appUrl: string;
  clientId: string;
  kratosAdminUrl: string;
  proxyPatience: number;
  sessions: Signer<AthenaSession>;
  attempts: Signer<Attempt>;
  formKey: Buffer;
}

/** A working day's half: Athena opens everything, and signing in again costs one click while Hydra remembers. */
const sessionSeconds = 4 * 3600;
/** The time to type a password at Hera. */
const attemptSeconds = 15 * 60;

export function athenaContext(environment: AthenaEnvironment, now: () => number = Date.now): Athena {
  const root = Buffer.from(environment.SESSION_SIGNING_KEY, "base64");
  const key = (use: string) => deriveKey(root, `athena/${environment.APP_INSTANCE}/${use}/1`);
  return {
    identities: new IdentityApi(oryAt(environment.KRATOS_ADMIN_URL)),
    clients: new OAuth2Api(oryAt(environment.HYDRA_ADMIN_URL)),
    operators: new IdentityApi(oryAt(environment.AUTH_KRATOS_ADMIN_URL)),
    operatorHydra: new OAuth2Api(oryAt(environment.AUTH_HYDRA_ADMIN_URL)),
    verifyIdToken: idTokenVerifier(
      environment.AUTH_HYDRA_URL,
      environment.NEXT_PUBLIC_AUTH_HYDRA_URL,
      environment.OAUTH_CLIENT_ID,
    ),
    tokenUrl: `${environment.AUTH_HYDRA_URL}/oauth2/token`,
    authorizeUrl: `${environment.NEXT_PUBLIC_AUTH_HYDRA_URL}/oauth2/auth`,
    appUrl: environment.NEXT_PUBLIC_APP_URL,
    clientId: environment.OAUTH_CLIENT_ID,
    kratosAdminUrl: environment.KRATOS_ADMIN_URL,
    proxyPatience: Number(environment.PROXY_TIMEOUT_MS ?? 5000),
    sessions: new Signer(key("session"), sessionSeconds, now),
    attempts: new Signer(key("attempt"), attemptSeconds, now),
    formKey: key("form"),
  };
}
