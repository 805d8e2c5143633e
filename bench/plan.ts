import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "..");
/** As many as a host of this fleet takes before the plan advises another. */
const tenantsPerHost = 49;
const rounds = 5;

/** Writes a sound fleet of `count` tenants into a folder: every fifth with settings of its own, hosts as needed. */
export async function writeFleet(folder: string, count: number): Promise<void> {
  const hosts = Array.from(
    { length: Math.ceil(count / tenantsPerHost) },
    (_, index) => `    h${index}: { address: "unix:///run/h${index}.sock", memory: 64GiB }\n`,
  );
  const tenants = Array.from({ length: count }, (_, index) => {
    const host = `host: h${index % hosts.length}`;
    const own = `size: medium, domains: [login.customer${index}.com], cors: ["https://app.customer${index}.com"]`;
    return `  customer${index}: { ${index % 5 === 0 ? `${host}, ${own}` : host} }\n`;
  });
  const image = (name: string) => `registry.example/${name}:v26.2.0`;
  const images = ["postgres", "kratos", "hydra", "hera", "athena"]
    .map(
      (name) =>
        `      ${name}: ${name === "postgres" ? "registry.example/postgres:18.1-trixie" : image(name)}\n`,
    )
    .join("");
  const files = {
    "Pulumi.prod.yaml": `config:\n  olympus:domain: id.example.com\n  olympus:tls: { mode: internal }\n  olympus:hosts:\n${hosts.join("")}`,
    "tenants.yaml": `defaults: { release: "1", mail: none }\ntenants:\n${tenants.join("")}`,
    "releases.yaml": `releases:\n  "1":\n    postgresMajor: 18\n    images:\n${images}hostImages: { caddy: "${image("caddy")}", firewall: "${image("firewall")}" }\n`,
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
}

export interface Cost {
  readonly seconds: number;
  readonly rssMiB: number;
}

/** Runs a module in a process of its own, and asks the kernel what it took at most. */
export async function childCost(args: readonly string[]): Promise<Cost> {
  // The last word of the process itself: no other program has to be there to measure it.
  const report = `process.on("exit", () => process.stderr.write("rss=" + process.resourceUsage().maxRSS))`;
  const start = performance.now();
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", "--import", `data:text/javascript,${encodeURIComponent(report)}`, ...args],
    { cwd: root, maxBuffer: 2 ** 28 },
  );
  const seconds = (performance.now() - start) / 1000;
  return { seconds, rssMiB: Number(/rss=(\d+)/.exec(stderr)?.[1]) / 1024 };
}

export const planArguments = (folder: string) => [
  join(root, "cli/fleet.ts"),
  "--cwd",
  folder,
  "plan",
  "--json",
];

const parseOnly = (folder: string) => [
  "--input-type=module",
  "--eval",
  `import { readFileSync } from "node:fs"; import { parse } from "yaml"; parse(readFileSync(${JSON.stringify(join(folder, "tenants.yaml"))}, "utf8"));`,
];

async function best(args: readonly string[]): Promise<Cost> {
  const costs: Cost[] = [];
  for (let round = 0; round < rounds; round++) costs.push(await childCost(args));
  // The quickest: what else runs on the machine only adds.
  return costs.reduce((least, cost) => (cost.seconds < least.seconds ? cost : least));
}

/** Time and memory of `fleet plan` by size of the fleet, and how it compares with parsing the file alone. */
export async function plan(sizes: readonly number[]): Promise<string> {
  const rows: string[] = [];
  for (const size of sizes) {
    const folder = await mkdtemp(join(tmpdir(), "olympus-fleet-plan-bench-"));
    try {
      await writeFleet(folder, size);
      const [planned, parsed] = [await best(planArguments(folder)), await best(parseOnly(folder))];
      rows.push(
        `| ${size} | ${planned.seconds.toFixed(2)} | ${planned.rssMiB.toFixed(0)} | ${parsed.seconds.toFixed(2)} | ${(planned.seconds / parsed.seconds).toFixed(1)} |`,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  return [
    "| tenants | plan, s | memory, MiB | parsing tenants.yaml alone, s | ratio |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
