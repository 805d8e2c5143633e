import type { Dns, Host, Release, Size, StackConfig, Tenant } from "../fleet/model.ts";
import { services } from "../fleet/tenant/parts.ts";

const pool = "10.128.0.0/9";

export const host: Host = {
  name: "local",
  address: "unix:///var/run/docker.sock",
  engine: "docker",
  publicAddress: [],
  memoryMiB: 8192,
  reserveMiB: 1024,
  networkPool: pool,
  httpPort: 80,
  httpsPort: 443,
  healthIntervalSeconds: 20,
  inputRule: "require",
};

/** A zone at Cloudflare. */
export const cloudflareDns: Dns = {
  provider: "cloudflare",
  mode: "records",
  zone: "example.org",
  zoneId: "0123456789abcdef0123456789abcdef",
  proxied: false,
};

export const config: StackConfig = {
  stack: "test",
  domain: "example.org",
  hosts: { local: host },
  elsewhere: [],
  tls: { mode: "internal" },
  dns: { provider: "none", mode: "records" },
  overcommit: 1.5,
  protectData: true,
  removeAtOncePercent: 20,
  hostImages: { caddy: "registry.test/caddy:1", firewall: "registry.test/firewall:1" },
};

const sized = (limitMiB: number) => ({ reservationMiB: 30, limitMiB });

const size: Size = {
  postgres: sized(192),
  kratos: sized(96),
  hydra: sized(96),
  hera: sized(160),
  athena: sized(192),
};

/** A sound tenant; `change` is laid over it. */
export function tenant(name: string, change: Partial<Tenant> = {}): Tenant {
  const images = Object.fromEntries(services.map((service) => [service, `registry.test/${service}:1`]));
  const release: Release = {
    name: "2026.11",
    images: images as Release["images"],
    versions: { kratos: undefined, hydra: undefined },
    postgresMajor: 16,
    postgresBase: "bookworm",
  };
  return {
    name,
    host: "local",
    release,
    wanted: release,
    images: {},
    size,
    ring: "stable",
    domains: [],
    admin: { email: `admin@${name}.example.org`, allow: [] },
    mail: "none",
    cors: [],
    clients: [],
    schemas: {},
    secretsGeneration: 1,
    secretsOldest: 1,
    state: "active",
    ...change,
  };
}
