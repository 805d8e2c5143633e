import type { LabImages } from "../../lab/images/images.ts";
import type { FleetStack, RunResult } from "../../lab/stack/fleetStack.ts";
import type { EngineClient } from "./engineClient.ts";
import type { Visitor } from "./visitor.ts";

/** A fleet on one host, whatever its engine and however it is reached; sites are at `httpsPort`. */
export interface OneHost extends EngineClient {
  readonly stack: FleetStack;
  readonly images: LabImages;
  /** Where its sites are reached. */
  readonly address: string;
  /** Where visitors come from unless they say otherwise, and another address that they can come from. */
  readonly visitors: { readonly usual: string; readonly other: string };
  /** Somebody who calls the host's sites, and trusts its Caddy. */
  visitor(): Promise<Visitor>;
  writeTenants(text: string): Promise<void>;
  /** Lays values over the stack's configuration. */
  configure(change: Readonly<Record<string, unknown>>): Promise<void>;
  /** `pulumi up` that must succeed. */
  up(...args: string[]): Promise<RunResult>;
}
