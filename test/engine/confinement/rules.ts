import { type Part, parts } from "../../../fleet/tenant/parts.ts";

const steps: readonly Part[] = ["postgres-roles", "kratos-migrate", "hydra-migrate", "bootstrap"];

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

const ofTenant = (tenant: string, volumePath: string): [string, ContainerRule][] =>
  parts.map((part) => [
    `${tenant}-${part}`,
    {
      user: part === "postgres" ? "999:999" : "65532:65532",
      networks: part === "kratos" ? [`${tenant}-egress`, `${tenant}-internal`] : [`${tenant}-internal`],
      pids: 200,
      isStep: steps.includes(part),
      mounts: part === "postgres" ? [`volume ${volumePath}`] : [],
    },
  ]);

/** Where Postgres finds its volume, by major version. */
const volumePaths = { 16: "/var/lib/postgresql/data", 18: "/var/lib/postgresql" } as const;

/** The containers of acme on Postgres 18, of bigcorp on the version that is given, and of their host. */
export const containerRules = (ofBigcorp: keyof typeof volumePaths): [string, ContainerRule][] => [
  ...ofTenant("acme", volumePaths[18]),
  ...ofTenant("bigcorp", volumePaths[ofBigcorp]),
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
