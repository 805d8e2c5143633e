import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { projectDir } from "../../lab/paths.ts";
import { ensurePromtool } from "../../lab/promtool.ts";
import { type Recording, series } from "./recording.ts";

/** The rules that operators get. */
export const rulesFile = join(projectDir, "docs/alerts.yml");

/** A command of Prometheus's own tool; what it complains of is in `output`. */
export async function promtool(args: readonly string[], input = "") {
  const { exitCode, all } = await execa(await ensurePromtool(), args, { reject: false, all: true, input });
  return { exitCode, output: all };
}

/** What must be seen at a minute of a recording. */
export interface Moment {
  readonly minute: number;
  /** Each alert that fires, with what tells it apart: `FleetTenantDown acme`. */
  readonly firing: readonly string[];
}

/**
 * Has Prometheus's rule engine go through a recording; returns its complaints, none for a recording in which exactly those
 * alerts fire at each moment.
 */
export function played(recording: Recording, moments: readonly Moment[]): Promise<string> {
  return tested({
    input_series: series(recording),
    promql_expr_test: moments.map(({ minute, firing }) => ({
      expr: 'count by (alertname, tenant, host) (label_replace(ALERTS{alertstate="firing"}, "host", "", "tenant", ".+"))',
      eval_time: `${minute}m`,
      exp_samples: firing.map((one) => ({ labels: labelsOf(one), value: 1 })),
    })),
  });
}

/** What people read of an alert that fires alone. */
export interface Words {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The same for the words of one alert. */
export function worded(recording: Recording, minute: number, alert: string, words: Words): Promise<string> {
  return tested({
    input_series: series(recording),
    alert_rule_test: [
      {
        alertname: alert,
        eval_time: `${minute}m`,
        exp_alerts: [{ exp_labels: words.labels, exp_annotations: words.annotations }],
      },
    ],
  });
}

/** `FleetTenantDown acme`, `FleetHostUnknown host eu-1`, `FleetStatusStale`. */
function labelsOf(firing: string): string {
  const [alert, ...rest] = firing.split(" ");
  const [what, name] = rest.length > 1 ? ["host", rest[1]] : ["tenant", rest[0]];
  return `{alertname="${alert}"${name === undefined ? "" : `,${what}="${name}"`}}`;
}

async function tested(unit: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "olympus-fleet-alerts-"));
  try {
    const file = join(folder, "test.yml");
    const tests = [{ interval: "1m", ...unit }];
    await writeFile(file, stringify({ rule_files: [rulesFile], evaluation_interval: "1m", tests }));
    const { exitCode, output } = await promtool(["test", "rules", file]);
    return exitCode === 0 ? "" : output;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
