import { httpsPort } from "../../harness/testFleet.ts";

export const callback = (path: string) => `https://portal.example/${path}`;

export const acme = { clients: { portal: { redirectUris: [callback("one")] } } };

/** Public keys of a tenant: through Caddy and Hydra to the database. */
export const keysPage = (tenant: string) =>
  `https://${tenant}-api.localhost:${httpsPort}/.well-known/jwks.json`;

/** Everything that one tenant is, by logical name, but for the component, which Pulumi does not always print. */
export const everythingOf = (tenant: string) =>
  [
    ...["internal", "egress", "root-key", "database-password", "vhost"],
    ...[
      "postgres",
      "postgres-roles",
      "kratos-migrate",
      "hydra-migrate",
      "kratos",
      "hydra",
      "bootstrap",
      "hera",
      "athena",
    ],
    ...["gate-migrate", "gate-bootstrap", "gate-ready"],
  ]
    .map((part) => `${tenant}-${part}`)
    .sort();

export const nothing = { created: [], updated: [], replaced: [], deleted: [] };

/** Nothing else is counted when nothing has changed. */
export const unchanged = /Resources:\s+\d+ unchanged\n/;
