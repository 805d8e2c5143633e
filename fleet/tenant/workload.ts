import type { Memory } from "../model.ts";
import type { Text } from "./text.ts";

/** Everything that runs for a tenant: services stay up, steps run once to exit code 0. */
export const parts = [
  "postgres",
  "kratos-migrate",
  "hydra-migrate",
  "kratos",
  "hydra",
  "bootstrap",
  "hera",
  "athena",
] as const;
export type Part = (typeof parts)[number];

/** One container, without a word of Docker: every backend renders the same list. */
export interface Workload {
  readonly part: Part;
  /** `service` stays up and has a health check; `step` is run by its gate. */
  readonly kind: "service" | "step";
  readonly image: string;
  /** `uid:gid`, never a name: the image's user database is not ours. */
  readonly user: string;
  /** Replaces the image's entrypoint. Default: the image's own. */
  readonly entrypoint?: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, Text>>;
  readonly memory: Memory;
  /** Relative share of a busy CPU; Docker's default is 1024. */
  readonly cpuShares: number;
  /** Most processes and threads at once. */
  readonly pidsLimit: number;
  /** Run inside the container; exit code 0 is healthy. It also serves gates, so it must not lie. */
  readonly health?: readonly string[];
  /** Fixed address in the tenant's internal network. */
  readonly address: string;
  /** Name inside the tenant's network. */
  readonly alias: string;
  /** Also joins the network with a way out. */
  readonly egress: boolean;
  /** Writable paths in memory: path to mount options. The root file system is read-only. */
  readonly tmpfs: Readonly<Record<string, string>>;
  /** Where the tenant's volume is mounted. */
  readonly volumePath?: string;
  /** Seconds from stop signal to kill. */
  readonly stopSeconds: number;
  /** Started only when this gate has passed. */
  readonly after?: GateName;
}

/**
 * A point in the start order that must be passed: all of `await` answer their health checks, then `run` are
 * run side by side and must exit 0. Gates ask the services themselves, so they do not depend on how often the
 * engine runs health checks.
 */
export interface Gate {
  readonly name: GateName;
  readonly await: readonly Part[];
  readonly run: readonly Part[];
  /** Seconds to wait for health before the gate fails with the last log lines. */
  readonly timeoutSeconds: number;
}

export type GateName = "migrate" | "bootstrap" | "ready";

/** Host names of one site and where they lead. */
export interface Route {
  /** The tenant's own name below the stack's domain; behind it custom domains, which are the customer's. */
  readonly hostNames: readonly string[];
  readonly purpose: "login" | "api" | "admin";
  /** `address:port` in the tenant's internal network. */
  readonly upstream: string;
  /** Paths that must not be reachable from outside; answered with 404. */
  readonly hidden: readonly string[];
  /** CIDR ranges that may enter; empty: nobody; undefined: everybody. */
  readonly allow?: readonly string[];
  /** POST paths that are limited per client address. */
  readonly limited: readonly string[];
}
