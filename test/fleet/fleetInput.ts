import type { FleetInput } from "../../files/load.ts";
import { FleetProblems, loadFleet } from "../../files/load.ts";

/** A fleet that uses every field, and has nothing wrong with it. */
export const tenantsText = `defaults:
  release: "2026.11"
  size: small
  ring: stable
  mail: { smtp: main }
  admin:
    allow: [198.51.100.0/24]
rings: [canary, stable]
tenants:
  acme:
    host: eu-1
  bigcorp:
    host: eu-2
    release: "2026.10"
    size:
      base: medium
      postgres: 1GiB
    ring: canary
    state: active
    shape: single
    domains: [login.bigcorp.com, id.bigcorp.com]
    login: login.bigcorp.com
    admin:
      email: ops@bigcorp.com
      allow: [203.0.113.0/24, "2001:db8::/48"]
    mail: { smtp: bulk, from: no-reply@bigcorp.com }
    cors: [https://app.bigcorp.com]
    # Confidential, as it must be.
    defaultClient: shop
    clients:
      shop:
        redirectUris: [https://app.bigcorp.com/callback]
        postLogoutRedirectUris: [https://app.bigcorp.com/]
        scope: openid profile email
        kind: confidential
    schemas:
      staff: schemas/staff.json
    images:
      kratos: docker.io/oryd/kratos:v26.2.1
    secrets:
      generation: 2
    network: 10.128.4.16/28
    requirement: SOC 2 letter of 2026-03-02
  faraway:
    host: us-1
    mail: none
`;

/** The same fleet with settings of rings, every one of them. */
export const ringsText = tenantsText.replace(
  "rings: [canary, stable]",
  `rings:
  canary:
    after: []
    bake: 24h
    parallel: 2
  early: {}
  stable:
    after: [canary, early]
    window:
      days: [sat, sun]
      from: "22:00"
      to: 04:00
      timeZone: Europe/Berlin
    hold: false
  last:
    window: { from: 2026-12-05T22:00, to: 2026-12-06T04:00, timeZone: UTC }`,
);

const digest = (character: string) => `sha256:${character.repeat(64)}`;

export const releasesText = `releases:
  "2026.10":
    postgresMajor: 18
    images:
      postgres: docker.io/library/postgres:18.1-trixie
      kratos: docker.io/oryd/kratos:v26.2.0
      hydra: docker.io/oryd/hydra:v26.2.0
      hera: ghcr.io/olympusoss/hera@${digest("a")}
      athena: ghcr.io/olympusoss/athena@${digest("b")}
  "2026.11":
    postgresMajor: 18
    images:
      postgres: docker.io/library/postgres:18.1-trixie
      kratos: docker.io/oryd/kratos:v26.2.0
      hydra: docker.io/oryd/hydra:v26.2.0
      hera: ghcr.io/olympusoss/hera@${digest("c")}
      athena: ghcr.io/olympusoss/athena@${digest("d")}
hostImages:
  caddy: ghcr.io/olympusoss/caddy@${digest("e")}
  firewall: docker.io/library/docker:28.0.1-dind
`;

export const stackText = `config:
  olympus:domain: id.example.com
  olympus:hosts:
    eu-1:
      address: unix:///var/run/docker.sock
      memory: 16GiB
      reserve: 2GiB
      networkPool: 10.128.0.0/9
      httpPort: 80
      httpsPort: 443
      healthInterval: 20
      inputRule: require
    eu-2:
      address: unix:///run/eu-2/docker.sock
      memory: 8GiB
  olympus:elsewhere: [us-1]
  olympus:tls:
    mode: acme
    email: ops@example.com
    ca: https://acme.example.com/directory
  olympus:dns:
    provider: none
  olympus:overcommit: 1.5
  olympus:protectData: true
`;

export const stackConfig = {
  domain: "id.example.com",
  hosts: {
    "eu-1": {
      address: "unix:///var/run/docker.sock",
      memory: "16GiB",
      reserve: "2GiB",
      networkPool: "10.128.0.0/9",
      httpPort: 80,
      httpsPort: 443,
      healthInterval: 20,
      inputRule: "require",
    },
    "eu-2": { address: "unix:///run/eu-2/docker.sock", memory: "8GiB" },
  },
  elsewhere: ["us-1"],
  tls: { mode: "acme", email: "ops@example.com", ca: "https://acme.example.com/directory" },
  dns: { provider: "none" },
  overcommit: 1.5,
  protectData: true,
};

export const schemaText = JSON.stringify({
  properties: { traits: { type: "object", properties: { email: { type: "string" } } } },
});

export interface Given {
  readonly tenants?: string;
  readonly releases?: string;
  readonly config?: unknown;
  readonly stackText?: string | undefined;
  readonly schemaTexts?: FleetInput["schemaTexts"];
  readonly secretKeys?: readonly string[];
  readonly secretFaults?: FleetInput["secretFaults"];
  readonly now?: Date;
}

export function input(given: Given = {}): FleetInput {
  const { tenants = tenantsText, releases = releasesText, config = stackConfig } = given;
  return {
    stack: "prod",
    config,
    configSource:
      given.stackText === undefined ? undefined : { file: "Pulumi.prod.yaml", text: given.stackText },
    tenants: { file: "tenants.yaml", text: tenants },
    releases: { file: "releases.yaml", text: releases },
    schemaTexts: given.schemaTexts ?? ((path) => (path === "schemas/staff.json" ? schemaText : undefined)),
    secretKeys: given.secretKeys ?? ["smtp-main", "smtp-bulk", "cloudflareApiToken"],
    secretFaults: given.secretFaults,
    now: given.now,
  };
}

/** What is wrong with it; undefined when nothing is. Anything but `FleetProblems` is a crash and passes through. */
export function refusalOf(given: Given): FleetProblems | undefined {
  try {
    loadFleet(input(given));
    return undefined;
  } catch (error) {
    if (error instanceof FleetProblems) return error;
    throw error;
  }
}

/** The lines of the refusal. */
export function lines(given: Given): string[] {
  return refusalOf(given)?.message.split("\n") ?? [];
}

/** One tenant, `t`, with these fields, on a stack of one host. */
export function tenant(fields: string): Given {
  return {
    tenants: `defaults: { release: "2026.11", mail: none }\ntenants:\n  t: ${fields}\n`,
    config: { ...stackConfig, hosts: { local: stackConfig.hosts["eu-1"] }, elsewhere: [] },
  };
}
