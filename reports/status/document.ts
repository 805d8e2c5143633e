import type { HostStatus, TenantStatus, Verdict } from "./status.ts";

/** What `fleet status --json` prints. `version` is one higher when a field goes or changes its meaning. */
export interface StatusDocument {
  readonly version: 1;
  readonly stack: string;
  /** When it was asked, ISO 8601 in UTC. */
  readonly asked: string;
  /** `ill` if anything is; `unknown` if nothing is, and something could not be asked. */
  readonly verdict: Verdict;
  readonly hosts: readonly HostStatus[];
  readonly tenants: readonly TenantStatus[];
}

export function statusDocument(
  stack: string,
  asked: Date,
  hosts: readonly HostStatus[],
  tenants: readonly TenantStatus[],
): StatusDocument {
  const verdicts = new Set([...hosts, ...tenants].map(({ verdict }) => verdict));
  const verdict = verdicts.has("ill") ? "ill" : verdicts.has("unknown") ? "unknown" : "well";
  return { version: 1, stack, asked: asked.toISOString(), verdict, hosts, tenants };
}
