import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { edgeCaddyfile } from "../backends/docker/caddy/edgeFile.ts";
import { plannedTenant } from "../backends/docker/fleetPlan.ts";
import type { Host } from "../fleet/model.ts";
import type { LabHost } from "../lab/hosts/host.ts";
import { LabSite } from "../lab/hosts/site.ts";
import { goProgram } from "../lab/images/parts.ts";
import { type LoadResult, load } from "../test/engine/edge/load.ts";
import { config, tenant, host as usualHost } from "../test/fixtures.ts";

const phaseSeconds = 15;
const idleConnections = 10_000;
/** As eight people do who click without a break, each page a connection with five requests. */
const visitors = { visitors: 8, requests: 5, pauseMs: 20 };

/** Hosts stand side by side on loopback, each at its own port. */
const homes: readonly Host[] = [1, 2, 3].map((number) => ({
  ...usualHost,
  name: `eu-${number}`,
  publicAddress: ["127.0.0.1"],
  httpPort: 8080 + number,
  httpsPort: 8443 + number,
}));

/** What a host does at its end, for any name: believes the edge about the visitor, ends TLS, answers. */
const home = ({ httpPort, httpsPort }: Host) => `:${httpPort} {
	respond "ok }"
}

https://*.${config.domain}:${httpsPort} {
	tls internal
	respond "ok }"
}`;
const homesCaddyfile = `{
	admin off
	skip_install_trust
	auto_https disable_redirects
	servers {
		protocols h1 h2
		listener_wrappers {
			proxy_protocol {
				allow 127.0.0.1/32
				fallback_policy reject
			}
			tls
		}
	}
}
${homes.map(home).join("\n")}
`;

/** `count` tenants over the hosts; with `move` the first of them lives on the second host. */
function map(count: number, move: boolean): string {
  const plans = Array.from({ length: count }, (_, index) => {
    const on = homes[(index + (index === 0 && move ? 1 : 0)) % homes.length] ?? usualHost;
    return plannedTenant(tenant(`customer${index}`, { host: on.name }), on, config);
  });
  return edgeCaddyfile({ httpPort: 80, httpsPort: 443 }, homes, plans);
}

/** Opens connections and holds them without a word until its input ends. */
const hold = `
const [count, domain] = process.argv.slice(1);
let next = 0, open = 0;
const one = () => {
  if (next >= Number(count)) return;
  const servername = "customer" + (next++ % 500) + "." + domain;
  const socket = require("node:tls").connect({ host: "127.0.0.1", port: 443, servername, rejectUnauthorized: false });
  socket.on("error", (error) => console.log(error.message));
  socket.on("secureConnect", () => { if (++open === Number(count)) console.log("held"); one(); });
};
for (let lane = 0; lane < 8; lane++) one();
setInterval(() => {}, 1000);
`;

interface Rig {
  readonly machine: LabHost;
  readonly folder: string;
  reload(text: string): Promise<number>;
  memoryMiB(): Promise<number>;
}

async function build(site: LabSite, count: number): Promise<Rig> {
  const machine = site.host("edge-1");
  const folder = join(site.folder, "edge-1/run/bench");
  const program = join(site.folder, "caddy");
  await mkdir(folder, { recursive: true });
  await copyFile(await goProgram("caddy"), program);
  const start = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    const settings = `XDG_DATA_HOME=/run/${name}-data XDG_CONFIG_HOME=/run/${name}-settings`;
    const command = `mkdir -p /run/caddy && exec env ${settings} ${program} run --adapter caddyfile --config /run/bench/${name}`;
    await machine.start(name, "sh", "-c", command);
  };
  await start("homes", homesCaddyfile);
  await start("edge", map(count, false));
  await sleep(3_000);
  return {
    machine,
    folder,
    reload: async (text) => {
      await writeFile(join(folder, "edge"), text);
      const began = performance.now();
      const file = ["--adapter", "caddyfile", "--config", "/run/bench/edge"];
      await machine.run(program, "reload", ...file, "--address", "unix//run/caddy/admin.sock");
      return performance.now() - began;
    },
    memoryMiB: async () => {
      const status = await machine.run("sh", "-c", "cat /proc/$(cat /run/olympus-edge.pid)/status");
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
    },
  };
}

const quantile = (values: readonly number[], part: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;

function row(what: string, { opened, asked, failures }: LoadResult, reloads: readonly number[]): string {
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  if (failed > 0) process.stderr.write(`${what}: ${JSON.stringify(failures)}\n`);
  const figures = [
    what,
    opened.length,
    failed,
    quantile(opened, 0.5).toFixed(1),
    quantile(opened, 0.99).toFixed(1),
    quantile(asked, 0.5).toFixed(1),
    quantile(asked, 0.99).toFixed(1),
    reloads.length === 0 ? "" : quantile(reloads, 0.5).toFixed(0),
  ];
  return `| ${figures.join(" | ")} |`;
}

/** What visitors notice of an edge, in calm and while its map changes every second, and what it takes. For root. */
export async function edge(count: number): Promise<string> {
  const site = await LabSite.open([{ name: "edge-1", engine: "none" }]);
  try {
    const rig = await build(site, count);
    const names = Array.from({ length: count }, (_, index) => `customer${index}.${config.domain}`);
    const at = (...command: string[]) => rig.machine.at(...command);
    const phase = async (during: () => Promise<void>, port = 443) => {
      const running = load(at, { to: "127.0.0.1", port, names, ...visitors });
      const end = Date.now() + phaseSeconds * 1000;
      while (Date.now() < end) await during();
      return running.stop();
    };
    const calm = () => sleep(500);
    const reloads: number[] = [];
    const changing = async () => {
      reloads.push(await rig.reload(map(count, reloads.length % 2 === 0)));
      await sleep(Math.max(0, 1000 - (reloads.at(-1) ?? 0)));
    };

    const rows = [
      row("past the edge, to a host", await phase(calm, homes[0]?.httpsPort), []),
      row("by the edge", await phase(calm), []),
    ];
    const before = await rig.memoryMiB();
    const migrate = (value: number) =>
      rig.machine.run("sh", "-c", `echo ${value} > /proc/sys/net/ipv4/tcp_migrate_req`);
    await migrate(1);
    const changed = await phase(changing);
    rows.push(row("by the edge, its map changed every second", changed, reloads));
    const after = await rig.memoryMiB();

    const held = await rig.machine.start(
      "hold",
      process.execPath,
      "-e",
      hold,
      String(idleConnections),
      config.domain,
    );
    for (let waited = 0; !(await held.complaint()).includes("held") && waited < 1_200; waited++)
      await sleep(100);
    const full = await rig.memoryMiB();
    await held.stop();
    return [
      "| | connections | failed | connection and first answer, ms (median) | (99 %) | further answer, ms (median) | (99 %) | reload, ms |",
      "| --- | --- | --- | --- | --- | --- | --- | --- |",
      ...rows,
      "",
      `Memory of the edge's Caddy: ${before.toFixed(0)} MiB before the changes, ${after.toFixed(0)} after ${reloads.length} of them, ` +
        `${full.toFixed(0)} with ${idleConnections} open connections (${(((full - after) * 1024) / idleConnections).toFixed(0)} KiB each).`,
    ].join("\n");
  } finally {
    await site.close();
  }
}
