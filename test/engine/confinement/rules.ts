import { type Part, parts } from "../../../fleet/tenant/parts.ts";

const steps: readonly Part[] = ["kratos-migrate", "hydra-migrate", "bootstrap"];

/** What docs/security.md says of a container, exceptions included. */
export interface ContainerRule {
  readonly user: string;
  readonly capability?: "NET_BIND_SERVICE" | "NET_ADMIN";
  readonly networks: readonly string[];
  /** Undefined: none. */
  readonly pids?: number;
  readonly isStep: boolean;
  readonly mounts: readonly string[];
}

const ofTenant = (tenant: string): [string, ContainerRule][] =>
  parts.map((part) => [
    `${tenant}-${part}`,
    {
      user: part === "postgres" ? "999:999" : "65532:65532",
      networks: part === "kratos" ? [`${tenant}-egress`, `${tenant}-internal`] : [`${tenant}-internal`],
      pids: 200,
      isStep: steps.includes(part),
      mounts: part === "postgres" ? ["volume /var/lib/postgresql/data"] : [],
    },
  ]);

/** The containers of acme, bigcorp and their host. */
export const containerRules: readonly [string, ContainerRule][] = [
  ...ofTenant("acme"),
  ...ofTenant("bigcorp"),
  [
    "olympus-caddy",
    {
      user: "0:0",
      capability: "NET_BIND_SERVICE",
      networks: ["host"],
      isStep: false,
      mounts: ["volume /data", "volume /etc/caddy"],
    },
  ],
  [
    "olympus-firewall",
    { user: "0:0", capability: "NET_ADMIN", networks: ["host"], isStep: false, mounts: [] },
  ],
];
