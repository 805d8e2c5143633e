import type { Problem } from "../../files/problem.ts";
import type { Finding, Level } from "./finding.ts";

/** What `fleet doctor --json` prints. `version` is one higher when a field goes or changes its meaning. */
export interface DoctorDocument {
  readonly version: 1;
  readonly stack: string;
  /** What is wrong with the files. With one of these no host was asked. */
  readonly problems: readonly Problem[];
  /** In the order of the configuration. */
  readonly hosts: readonly HostDocument[];
}

export interface HostDocument {
  readonly host: string;
  /** As the configuration has it. */
  readonly address: string;
  readonly role: "tenants" | "edge";
  /** The worst of its findings; `unknown` is no worse than `ok`. */
  readonly verdict: Exclude<Level, "unknown">;
  readonly findings: readonly Finding[];
}

export function verdictOf(findings: readonly Finding[]): HostDocument["verdict"] {
  const has = (level: Level) => findings.some((finding) => finding.level === level);
  return has("error") ? "error" : has("warning") ? "warning" : "ok";
}
