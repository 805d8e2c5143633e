import type { Memory } from "../model.ts";
import type { Part } from "./parts.ts";
import type { Text } from "./text.ts";

/** A folder in memory. Nothing in it can be executed. */
export interface WritablePath {
  readonly path: string;
  readonly sizeMiB: number;
  /** Numeric user and group that own it. Default: root; then `mode` says who writes. */
  readonly owner?: number;
  /** In octal, `1777`. */
  readonly mode: string;
}

/** One program that runs for a tenant, without a word of an engine: every backend renders the same list. */
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
  /** Run inside the container; exit code 0 is healthy. It also serves gates, so it must not lie. */
  readonly health?: readonly string[];
  /**
   * Run inside the container by its gate while it is not healthy, once at a time and with all the gate's time: work that
   * the first request to the service starts, and that each further request would start again. Default: nothing.
   */
  readonly prepare?: readonly string[];
  /**
   * Run inside the container by its gate, once, when it is healthy: proves that its data can be written, for which a health
   * check, which is run for ever, is too cheap. Default: nothing.
   */
  readonly proof?: readonly string[];
  /** Whether it reaches what lies outside of the tenant: mail servers, the breached-password list. */
  readonly wayOut: boolean;
  /** What it may write to besides its data; in memory, and gone with the container. The root file system is read-only. */
  readonly writable: readonly WritablePath[];
  /** Where it finds the tenant's data. Default: it keeps none. */
  readonly dataPath?: string;
  /** What tells it to stop in order. Stated for every workload: an image may state another one, or none. */
  readonly stopSignal: "SIGTERM" | "SIGINT";
  /** Seconds from stop signal to kill. */
  readonly stopSeconds: number;
  /** Started only when this gate has passed. */
  readonly after?: GateName;
  /** What people notice while it is replaced by a newer one. */
  readonly outage: Outage;
}

/**
 * What is away while a service is replaced: `sign-ins`, for about so many seconds from its stop to the first good health
 * check of the new one. A step takes nothing away: it says what it does once more.
 */
export type Outage =
  | { readonly seconds: number; readonly without: string }
  | { readonly seconds: 0; readonly repeats: string };

/** A program that runs in one of a tenant's containers. */
export interface Inside {
  readonly in: Part;
  readonly command: readonly string[];
}

/** Tries what people and applications do, from inside the tenant. */
export interface Probe extends Inside {
  /**
   * Exit code 0 when all went well. Else it prints `fault: PART WORDS`: the service at fault, and words that go on from its
   * name, `hydra gives no token: …`. Without that line it could not try.
   */
  readonly command: readonly string[];
}

/**
 * A point in the start order that must be passed: all of `await` answer their health checks, then `first` are run one
 * after the other and `run` side by side, and must exit 0. Gates ask the services themselves, so they do not depend on how often the
 * engine runs health checks.
 */
export interface Gate {
  readonly name: GateName;
  readonly await: readonly Part[];
  /** What `run` needs done. Default: nothing. */
  readonly first?: readonly Part[];
  readonly run: readonly Part[];
  /**
   * When all else is done, each of these must still run, as the container that it was when the gate began, and must not have
   * been started again meanwhile.
   */
  readonly watch: readonly Part[];
  /** Tried after `run`. Default: nothing. */
  readonly probe?: Probe;
  /** Run when all else has passed; what it prints is kept in the state. Default: nothing. */
  readonly last?: Inside;
  /** Seconds that each of `await` may take to become healthy, on a host that is not busy. */
  readonly timeoutSeconds: number;
  /** Seconds that each of `run` may take. One that is not done by then goes on, and the next run waits for it again. */
  readonly stepSeconds: number;
}

/** Of a tenant that runs, in start order. */
export const gateNames = ["migrate", "bootstrap", "ready"] as const;
export type GateName = (typeof gateNames)[number];

/** Host names of one site and where they lead. */
export interface Route {
  /** The tenant's own name below the stack's domain; behind it custom domains, which are the customer's. */
  readonly hostNames: readonly string[];
  readonly purpose: "login" | "api" | "admin";
  /** What answers there. */
  readonly to: { readonly part: Part; readonly port: number };
  /** Paths that must not be reachable from outside; answered with 404. */
  readonly hidden: readonly string[];
  /** CIDR ranges that may enter; empty: nobody; undefined: everybody. */
  readonly allow?: readonly string[];
  /** How often one visitor may send something; all that fit must let a request through, in this order. */
  readonly limits: readonly Limit[];
  /** Whether the site has a page of its own where what is behind it has none. */
  readonly pages: boolean;
}

/** So many requests of one visitor in so many seconds. GET, HEAD and OPTIONS never count. */
export interface Limit {
  /** Sites of a tenant that name the same limit share its count. */
  readonly name: "sign_in" | "mail" | "any" | "api" | "admin";
  /** Only these paths, in any spelling that means them; `*` stands for any end. Default: every path. */
  readonly paths?: readonly string[];
  readonly requests: number;
  readonly seconds: number;
}
