import { NONROOT_ID, PATH } from "./base.ts";
import { type PostgresMajor, postgresHome } from "./postgres/versions.ts";
import type { ImageConfig } from "./publish.ts";
import type { Ui } from "./ui/layer.ts";

/** Repositories of the lab. `postgres` is the version of the lab's release, `postgres-16` that of its second one. */
export const IMAGE_NAMES = [
  "postgres",
  "postgres-16",
  "kratos",
  "hydra",
  "hera",
  "athena",
  "caddy",
  "firewall",
] as const;
export type ImageName = (typeof IMAGE_NAMES)[number];

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

const postgres = (major: PostgresMajor): ImageConfig => {
  const { volume, data } = postgresHome(major);
  return {
    Entrypoint: ["docker-entrypoint.sh"],
    Cmd: ["postgres"],
    Env: [
      PATH,
      "LANG=C.UTF-8",
      `PG_MAJOR=${major}`,
      `PGDATA=${data}`,
      // The programs were compiled with /tmp as the socket's place; the official image uses this one.
      "PGHOST=/var/run/postgresql",
    ],
    Volumes: { [volume]: {} },
    StopSignal: "SIGINT",
    ExposedPorts: ports("5432"),
  };
};

/** Entrypoints, commands, volumes and signals as the official images have them. */
export const IMAGE_CONFIG: Readonly<Record<ImageName, ImageConfig>> = {
  postgres: postgres(18),
  "postgres-16": postgres(16),
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
