import { plannedFleet } from "../../../backends/docker/fleetPlan.ts";
import { loadFleet } from "../../../files/load.ts";
import type { Change } from "../../../reports/plan/change.ts";
import { sentence } from "../../../reports/plan/change.ts";
import type { FleetChanges } from "../../../reports/plan/fleetChanges.ts";
import { fleetChanges } from "../../../reports/plan/fleetChanges.ts";
import { input, releasesText, stackConfig } from "../../fleet/fleetInput.ts";

const head = 'defaults: { release: "2026.11", mail: none }\nrings: [canary, stable]\ntenants:\n';

export const upgraded = releasesText.replace(
  "hostImages:",
  `  next:
    postgresMajor: 18
    images:
      postgres: docker.io/library/postgres:18.1-trixie
      kratos: docker.io/oryd/kratos:v26.2.1
      hydra: docker.io/oryd/hydra:v26.2.1
      hera: ghcr.io/olympusoss/hera@sha256:${"c".repeat(64)}
      athena: ghcr.io/olympusoss/athena@sha256:${"d".repeat(64)}
  older:
    postgresMajor: 17
    images:
      postgres: docker.io/library/postgres:17.2-trixie
      kratos: docker.io/oryd/kratos:v26.2.0
      hydra: docker.io/oryd/hydra:v26.2.0
      hera: ghcr.io/olympusoss/hera@sha256:${"c".repeat(64)}
      athena: ghcr.io/olympusoss/athena@sha256:${"d".repeat(64)}
  otherBase:
    postgresMajor: 18
    postgresBase: bookworm
    images:
      postgres: registry.test/postgres@sha256:${"e".repeat(64)}
      kratos: docker.io/oryd/kratos:v26.2.0
      hydra: docker.io/oryd/hydra:v26.2.0
      hera: ghcr.io/olympusoss/hera@sha256:${"c".repeat(64)}
      athena: ghcr.io/olympusoss/athena@sha256:${"d".repeat(64)}
hostImages:`,
);

export const oneHost = {
  ...stackConfig,
  hosts: { local: stackConfig.hosts["eu-1"] },
  elsewhere: [],
  tls: { mode: "internal" },
};

/** A fleet of these tenants, each a line `acme: { size: small }`, on one host. */
export function planned(tenants: readonly string[], config: object = oneHost) {
  const lines = tenants.map((line) => `  ${line}\n`).join("");
  return plannedFleet(loadFleet(input({ tenants: head + (lines || "  {}\n"), releases: upgraded, config })));
}

/** What time it is when an edit is looked at. */
export const now = new Date("2026-11-28T12:00:00Z");

/** What an edit of the files does. */
export function edited(
  before: readonly string[],
  after: readonly string[],
  configs: { before?: object; after?: object } = {},
): FleetChanges {
  return fleetChanges(planned(before, configs.before), planned(after, configs.after), now);
}

/** One line per change, `acme in-place: memory limit of …`. */
export function lines({ stack, tenants }: FleetChanges): string[] {
  const of = (who: string, changes: readonly Change[]) =>
    changes.map((change) => `${who} ${change.effect}: ${sentence(change)}`);
  return [...of("stack", stack), ...tenants.flatMap(({ tenant, changes }) => of(tenant, changes))];
}
