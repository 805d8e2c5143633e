import type { StatusDocument } from "../../reports/status/document.ts";
import { prometheus } from "../../reports/status/prometheus.ts";

/** What a Prometheus has scraped of a fleet, minute after minute. */
export interface Recording {
  readonly minutes: number;
  /** What a run of `fleet status` finds at a minute; undefined where it writes nothing, and the old file stays. */
  readonly at: (minute: number) => StatusDocument | undefined;
  /** From which minute on there is no file at all. Default: there always is one. */
  readonly goneAt?: number;
}

/** As cron has it. */
const everyMinutes = 5;
const file = "/var/lib/node_exporter/fleet.prom";
/** What the node exporter's job adds to each sample. */
const target = 'instance="ops-1:9100",job="node"';

/** The recording as `promtool test rules` takes it: each series as it was printed, with a value for each minute. */
export function series({ minutes, at, goneAt = minutes }: Recording) {
  const found = new Map<string, Map<number, string>>();
  let written: { readonly text: string; readonly minute: number } | undefined;
  for (let minute = 0; minute < goneAt; minute++) {
    const asked = minute % everyMinutes === 0 ? at(minute) : undefined;
    if (asked !== undefined) written = { text: prometheus(asked), minute };
    if (written === undefined) continue;
    const mtime = `node_textfile_mtime_seconds{file="${file}",${target}} ${written.minute * 60}`;
    for (const line of [...samplesOf(written.text), mtime]) {
      // A label's value may hold spaces; the sample's is the last word.
      const end = line.lastIndexOf(" ");
      const values = found.get(line.slice(0, end)) ?? new Map<number, string>();
      found.set(line.slice(0, end), values.set(minute, line.slice(end + 1)));
    }
  }
  return [...found].map(([name, values]) => ({
    series: name,
    values: Array.from({ length: minutes }, (_, minute) => {
      // Prometheus marks a series that is in the target's answer no more.
      return values.get(minute) ?? (values.has(minute - 1) ? "stale" : "_");
    }).join(" "),
  }));
}

const samplesOf = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.replace("{", `{${target},`));
