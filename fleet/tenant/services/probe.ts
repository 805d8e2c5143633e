import type { Probe } from "../workload.ts";
import { runModule, scriptOf, withoutComments } from "./javaScript.ts";

/**
 * The OAuth2 client that a probe makes, uses and removes, as Hydra's admin API takes it. It may take a token in its own name,
 * and nothing else: no redirect URI, no refresh, no scope that means anything. Its id and its secret are made by Hydra.
 */
export const probeClient = {
  client_name: "Olympus Fleet probe",
  grant_types: ["client_credentials"],
  response_types: [],
  redirect_uris: [],
  // Without one Hydra lets it have `openid` and `offline_access`.
  scope: "olympus-fleet-probe",
  token_endpoint_auth_method: "client_secret_basic",
  /** By it a probe knows those that a killed one has left. */
  metadata: { "olympus-fleet": "probe" },
} as const;

/**
 * Tries a tenant as applications and people do: a token that Hydra gives and knows, the sign-in page by way of Hydra, a sign-in
 * at Kratos. In Athena's container, which can run it and knows where the others are; where memory is short it goes before
 * Athena does.
 */
export const probe: Probe = {
  in: "athena",
  command: [
    ...runModule('echo 1000 2> /dev/null > /proc/self/oom_score_adj || true; export PROBE_CLIENT="$2"; '),
    withoutComments(scriptOf("probe")),
    JSON.stringify(probeClient),
  ],
};
