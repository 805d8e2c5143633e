import { FrontendApi, IdentityApi, OAuth2Api } from "@ory/client-fetch";
import { oryAt } from "../web/ory.ts";
import { deriveKey, Signer } from "../web/signed.ts";
import { captchaVerdict } from "./captcha.ts";
import type { HeraEnvironment } from "./environment.ts";

/** A person's session at Kratos, kept by the browser under our signature. */
export interface HeraSession {
  token: string;
  /** The session at Hydra that this sign-in started, so that signing out ends it as well. */
  hydraSession?: string;
}

/** What every page needs: the Ory clients, the signing keys of this instance, its settings. */
export interface Hera {
  /** Kratos's self-service flows. */
  flows: FrontendApi;
  identities: IdentityApi;
  hydra: OAuth2Api;
  /** Hydra as the browser reaches it. */
  hydraPublicUrl: string;
  defaultClientId: string | undefined;
  /** Why nobody can sign in here, if that is so. */
  closed: string | undefined;
  sessions: Signer<HeraSession>;
  formKey: Buffer;
}

/** Kratos's own session lifetime is the one that counts; this only bounds how long a cookie is presented. */
const sessionSeconds = 24 * 3600;

export function heraContext(environment: HeraEnvironment): Hera {
  const kratosPublic = oryAt(environment.KRATOS_PUBLIC_URL);
  const key = (use: string) =>
    deriveKey(environment.ENCRYPTION_KEY, `hera/${environment.APP_INSTANCE}/${use}/1`);
  return {
    flows: new FrontendApi(kratosPublic),
    identities: new IdentityApi(oryAt(environment.KRATOS_ADMIN_URL)),
    hydra: new OAuth2Api(oryAt(environment.HYDRA_ADMIN_URL)),
    hydraPublicUrl: environment.HYDRA_PUBLIC_URL,
    defaultClientId: environment.DEFAULT_OAUTH2_CLIENT_ID,
    closed: captchaVerdict(environment),
    sessions: new Signer(key("session"), sessionSeconds),
    formKey: key("form"),
  };
}
