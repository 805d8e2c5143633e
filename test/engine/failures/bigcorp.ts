import { services } from "../../../fleet/tenant/parts.ts";
import { probe, probeClient } from "../../../fleet/tenant/services/probe.ts";
import { containersOf } from "../../harness/containers.ts";
import type { TestFleet } from "../../harness/testFleet.ts";

/** What cases of the last gate ask of bigcorp. */
export function bigcorp(fleet: () => TestFleet) {
  const of = (name: string) => `bigcorp-${name}`;
  const sql = (database: string, statements: string) =>
    fleet().docker(
      "exec",
      of("postgres"),
      "psql",
      "-qAt",
      "-U",
      "postgres",
      "-d",
      database,
      "-c",
      statements,
    );
  const healthOf = async (name: string) =>
    ((await containersOf(fleet())).get(name)?.Config.Healthcheck?.Test ?? []).slice(1);
  const isHealthy = async (name: string) =>
    (await fleet().tryDocker("exec", name, ...(await healthOf(name)))).exitCode === 0;
  /** The last gate of bigcorp, without what it waits for. */
  const lastGate = () => ({
    watch: services.map((service) => ({ name: of(service), id: "" })),
    probe: { prefix: of(""), container: of("athena"), command: probe.command },
  });
  const probesLeft = () =>
    sql("hydra", `SELECT count(*) FROM hydra_client WHERE client_name = '${probeClient.client_name}'`);

  return { of, sql, healthOf, isHealthy, lastGate, probesLeft };
}
