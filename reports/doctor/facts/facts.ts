import type { Databases } from "../../../backends/docker/databases.ts";
import type { Reach } from "../../../hosts/ssh/reach.ts";
import type { EngineFacts } from "./engine.ts";
import type { MachineFacts } from "./machine.ts";

/** All that was learned about a host. What could not be learned is undefined, with the reason elsewhere in it. */
export interface HostFacts {
  readonly reach: Reach;
  /** Version of the ssh program here, `9.2`; undefined for hosts that need none. */
  readonly sshVersion?: string | undefined;
  readonly machine?: MachineFacts | undefined;
  readonly clock?: ClockReading | undefined;
  readonly engine: EngineFacts | EngineSilence;
  /** What the engine was told about images that it does not have, by reference. */
  readonly images: ReadonlyMap<string, ImageAnswer>;
  /** Of tenants that run; undefined where no engine answers, or its command does not. */
  readonly databases?: Databases | undefined;
  /** Addresses behind a `publicAddress` that is a name, as this machine resolves it. */
  readonly resolved?: readonly string[] | undefined;
}

/** Seconds by which the host's clock is ahead of this machine's: at least and at most, for the way takes time. */
export interface ClockReading {
  readonly least: number;
  readonly most: number;
}

export interface EngineSilence {
  /** Why nothing answered: what ssh or the system said. */
  readonly silence: string;
}

/** `platforms` of an image that can be had (`linux/amd64`), or what the registry or the way there said. */
export type ImageAnswer =
  | { readonly platforms: readonly string[] }
  | { readonly status: number; readonly message: string };

export const answered = (engine: HostFacts["engine"]): EngineFacts | undefined =>
  "silence" in engine ? undefined : engine;
