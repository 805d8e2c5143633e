import { expect } from "vitest";
import type { RunResult } from "../../../../lab/stack/fleetStack.ts";
import type { ManyHostsFleet } from "../../../harness/manyHosts.ts";

/** Two tenants on two hosts over SSH, acme on eu-1 and bigcorp on eu-2. */
export interface Stage {
  readonly fleet: ManyHostsFleet;
  /** Every command line that was seen while the fleet came up. */
  readonly commandLines: ReadonlySet<string>;
  /** Writes the fleet file, with more fields for the tenants. */
  write(more?: { acme?: object; bigcorp?: object }): Promise<void>;
  /** Closes what runs have left open to a host. */
  forget(name: string): Promise<void>;
}

/** An `up` that goes on with the other hosts, as an operator runs it who knows that one is down. */
export const goOn = ({ fleet }: Stage) =>
  fleet.stack.up({ args: ["--parallel", "32", "--continue-on-error"] });

/** What a failed run says at its end, by resource. */
export function complaints({ exitCode, output }: RunResult): Record<string, string> {
  expect(exitCode).not.toBe(0);
  const [, told = ""] = output.split(/^Diagnostics:$/m);
  const [diagnostics = ""] = told.split(/^Outputs:$/m);
  expect(diagnostics).not.toMatch(/^\s+at \S+ \(/m); // no stack trace
  const parts = diagnostics.split(/^ {2}\S+ \((\S+)\):$/m).slice(1);
  const byName: Record<string, string> = {};
  for (let index = 0; index < parts.length; index += 2) byName[parts[index] ?? ""] = parts[index + 1] ?? "";
  return byName;
}
