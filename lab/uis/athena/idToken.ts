import { createRemoteJWKSet, customFetch, errors, jwtVerify } from "jose";
import { UpstreamDown, upstreamFetch } from "../web/ory.ts";

/** What this program uses of an ID token. */
export interface IdToken {
  subject: string;
  /** Hydra's session of this browser, so that signing out can end it. */
  hydraSession: string | undefined;
}

/**
 * Keys come from Hydra's internal address, but the issuer inside the token is the one that browsers see: Hydra
 * knows itself only by that. Some Hydra versions write it with a slash at the end.
 */
export function idTokenVerifier(internalUrl: string, issuer: string, clientId: string) {
  const keys = createRemoteJWKSet(new URL(`${internalUrl}/.well-known/jwks.json`), {
    [customFetch]: upstreamFetch,
  });
  return async (token: string, nonce: string): Promise<IdToken | undefined> => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: [issuer, `${issuer}/`],
        audience: clientId,
        // Only what Hydra signs with, so that no token can choose how it is checked.
        algorithms: ["RS256"],
        requiredClaims: ["sub", "exp", "iat", "nonce"],
      });
      if (payload.nonce !== nonce || payload.sub === undefined) return undefined;
      return {
        subject: payload.sub,
        hydraSession: typeof payload.sid === "string" ? payload.sid : undefined,
      };
    } catch (error) {
      if (error instanceof UpstreamDown || error instanceof errors.JWKSTimeout) throw error;
      if (!(error instanceof errors.JOSEError)) throw error;
      console.error(`ID token refused: ${error.code}`);
      return undefined;
    }
  };
}
