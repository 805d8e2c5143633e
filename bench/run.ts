import { ensureDocker } from "../lab/docker/engine.ts";
import { LabError } from "../lab/progress.ts";
import { bringUp } from "./bringUp.ts";
import { edge } from "./edge.ts";
import { atOnce, growth } from "./growth.ts";
import { memory } from "./memory.ts";
import { plan } from "./plan.ts";
import { previews } from "./previews.ts";
import { upgrade } from "./upgrade.ts";

/** The figures of docs/performance.md: `npm run bench -- bring-up`. Each prints a Markdown table. */
const benches: Readonly<Record<string, () => Promise<string>>> = {
  "bring-up": () => bringUp(1),
  edge: () => edge(500),
  "at-once": () => atOnce([10, 30]),
  growth: () => growth((process.env.BENCH_TENANTS ?? "5,20").split(",").map(Number)),
  memory,
  plan: () => plan([50, 500, 2000]),
  previews: () => previews((process.env.BENCH_TENANTS ?? "50,100").split(",").map(Number)),
  upgrade: () => upgrade(process.env.BENCH_EDITS),
};
/** Those that measure no container. */
const withoutEngine = new Set(["edge", "plan", "previews"]);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(
    `${unknown.join(", ")}: is not a bench. Write any of: ${Object.keys(benches).join(", ")}\n`,
  );
  process.exit(2);
}
try {
  if (wanted.length === 0 || wanted.some((name) => !withoutEngine.has(name))) await ensureDocker();
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stdout.write(`### ${name}\n\n${await bench()}\n\n`);
  }
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
