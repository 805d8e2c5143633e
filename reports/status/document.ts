import { type RingStatus, ringStatus } from "./rings.ts";
import type { RingFacts } from "./ringWaits.ts";
import type { HostStatus, TenantStatus } from "./status.ts";
import { type Verdict, worstOf } from "./verdict.ts";

/** What `fleet status --json` prints. `version` is one higher when a field goes or changes its meaning. */
export interface StatusDocument {
  readonly version: 1;
  readonly stack: string;
  /** When it was asked, ISO 8601 in UTC. */
  readonly asked: string;
  /** `ill` if anything is; `unknown` if nothing is, and something could not be asked. */
  readonly verdict: Verdict;
  /** In the order of the file. */
  readonly rings: readonly RingStatus[];
  readonly hosts: readonly HostStatus[];
  readonly tenants: readonly TenantStatus[];
}

interface Asked extends Pick<StatusDocument, "stack" | "hosts" | "tenants"> {
  readonly at: Date;
  /** Names of all rings of the files, in their order. */
  readonly rings: readonly string[];
  /** What Pulumi's state says of them. Default: nobody asked it. */
  readonly facts?: RingFacts | undefined;
}

export const statusDocument = ({ stack, at, rings, facts, hosts, tenants }: Asked): StatusDocument => ({
  version: 1,
  stack,
  asked: at.toISOString(),
  verdict: worstOf([...hosts, ...tenants]),
  rings: ringStatus(rings, tenants, facts),
  hosts,
  tenants,
});
