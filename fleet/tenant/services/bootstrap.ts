import type { OAuth2Client } from "../../model.ts";
import {
  administratorPassword,
  clientSecret,
  type Generations,
  sharedAdministratorPassword,
} from "../../secrets.ts";
import { athenaClientId, internalUrls, type TenantContext } from "../context.ts";
import { hardened, stepMemory } from "../defaults.ts";
import { JsonSecret, json, split, type Text } from "../text.ts";
import type { Workload } from "../workload.ts";
import { runModule, scriptOf } from "./javaScript.ts";

/** The body of a client as Hydra's admin API takes it. */
function hydraClient(client: OAuth2Client, { roots }: Generations) {
  return {
    client_id: client.id,
    client_name: client.id,
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    scope: client.scope,
    subject_type: "public",
    ...(client.kind === "public"
      ? { token_endpoint_auth_method: "none" }
      : {
          token_endpoint_auth_method: "client_secret_basic",
          client_secret: new JsonSecret(clientSecret(client, roots)),
        }),
  };
}

/** Athena signs its operators in with PKCE, so its client has no secret. */
function athenaClient({ urls }: TenantContext): OAuth2Client {
  return {
    id: athenaClientId,
    redirectUris: [`${urls.admin}/api/auth/callback`],
    postLogoutRedirectUris: [`${urls.admin}/`],
    scope: "openid offline_access profile email",
    kind: "public",
  };
}

/** Below the 128 KiB that Linux takes, by a margin that nobody has to count. */
const mostBytes = 100_000;

/** `BOOTSTRAP`, and from about 200 clients on `BOOTSTRAP_2` and so on, which the script joins. */
function variables(wanted: Text): Workload["env"] {
  const values = split(wanted, mostBytes);
  return Object.fromEntries(
    values.map((value, index) => [index === 0 ? "BOOTSTRAP" : `BOOTSTRAP_${index + 1}`, value]),
  );
}

/** Makes the first administrator and the OAuth2 clients; runs again whenever one of them changes. */
export function bootstrap(context: TenantContext): Workload {
  const { tenant, size, generations } = context;
  const wanted = {
    kratosPublic: internalUrls.kratosPublic,
    kratosAdmin: internalUrls.kratosAdmin,
    hydraAdmin: internalUrls.hydraAdmin,
    administrator: {
      email: tenant.admin.email,
      password: new JsonSecret(administratorPassword(tenant.admin.email, generations.roots)),
      sharedPassword: new JsonSecret(sharedAdministratorPassword),
    },
    clients: [athenaClient(context), ...tenant.clients].map((client) => hydraClient(client, generations)),
  };
  return {
    ...hardened,
    part: "bootstrap",
    kind: "step",
    image: tenant.release.images.athena,
    entrypoint: runModule(),
    command: [scriptOf("bootstrap")],
    env: variables(json(wanted)),
    memory: stepMemory(size.athena),
    outage: { seconds: 0, repeats: "the step runs again, services stay up" },
  };
}
