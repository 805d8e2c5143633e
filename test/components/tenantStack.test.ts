import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { plannedTenant } from "../../backends/docker/fleetPlan.ts";
import { shortImageName } from "../../fleet/image.ts";
import { config, host as hostConfig, tenant } from "../fixtures.ts";
import { type Made, settled, startMocks } from "./mocks.ts";

const types = {
  container: "docker:index/container:Container",
  network: "docker:index/network:Network",
  volume: "docker:index/volume:Volume",
  image: "docker:index/remoteImage:RemoteImage",
  command: "command:local:Command",
};

let made: Made[];
const of = (type: string, prefix: string) =>
  made.filter((one) => one.type === type && one.name.startsWith(`${prefix}-`));

/** By type and name: properties whose change Pulumi is told to pass over. */
const ignored = new Map<string, readonly string[]>();

/** By name: names that a resource has in states of before. */
const aliased = new Map<string, unknown>();

const noting: pulumi.ComponentResourceOptions = {
  transformations: [
    ({ type, name, opts }) => {
      aliased.set(name, opts.aliases);
      ignored.set(`${type} ${name}`, "ignoreChanges" in opts ? (opts.ignoreChanges ?? []) : []);
      return undefined;
    },
  ],
};

beforeAll(async () => {
  made = await startMocks();
  const { Host } = await import("../../components/docker/host/host.ts");
  const { TenantStack } = await import("../../components/docker/tenant/tenantStack.ts");
  const host = new Host("local", { config: hostConfig, tls: config.tls, images: config.hostImages }, noting);
  for (const name of ["acme", "bigcorp"]) {
    const mail = { smtp: "main", from: `no-reply@${name}.example.org` };
    const plan = plannedTenant(tenant(name, { mail }), hostConfig, config);
    new TenantStack(
      name,
      {
        plan,
        host,
        stackSecret: (key) => pulumi.secret(`stack-secret-${key}`),
        protectData: true,
      },
      noting,
    );
  }
  await settled();
});

const containerNames = [
  "acme-athena",
  "acme-bootstrap",
  "acme-hera",
  "acme-hydra",
  "acme-hydra-migrate",
  "acme-kratos",
  "acme-kratos-migrate",
  "acme-postgres",
  "acme-postgres-roles",
];

test("acme has exactly its containers", () => {
  expect(
    of(types.container, "acme")
      .map(({ name }) => name)
      .sort(),
  ).toEqual(containerNames);
});

test("a tenant takes at most 21 resources", () => {
  const own = made.filter(({ name }) => name === "acme" || name.startsWith("acme-"));
  expect(own.map(({ name, type }) => `${name} ${type}`).sort()).toMatchSnapshot();
  expect(own.length).toBeLessThanOrEqual(21);
});

describe.each(containerNames)("%s", (name) => {
  const inputs = () => {
    const one = made.find((candidate) => candidate.type === types.container && candidate.name === name);
    if (!one) throw new Error(`${name} was not made`);
    return one;
  };
  const isService = !/migrate|bootstrap|roles/.test(name);

  test("is hardened", () => {
    const { inputs: container } = inputs();
    expect(container.capabilities).toEqual({ drops: ["ALL"] }); // CIS 5.4
    expect(container.securityOpts).toEqual(["no-new-privileges:true"]); // CIS 5.26
    expect(container.readOnly).toBe(true); // CIS 5.13
    expect(container.memory).toBeGreaterThan(0); // CIS 5.11
    expect(container.memorySwap).toBe(container.memory);
    expect(container.cpuShares).toBeGreaterThan(0); // CIS 5.12
    expect(container.user).not.toMatch(/^(0|root)/); // CIS 4.1
    expect(container.logOpts).toEqual({ "max-size": "10m", "max-file": "3" });
    expect(container.stopTimeout).toBe(container.destroyGraceSeconds);
    expect(container.stopTimeout).toBeGreaterThanOrEqual(15);
    // SIGTERM makes Postgres wait for every session; images may state either, or none.
    expect(container.stopSignal).toBe(name === "acme-postgres" ? "SIGINT" : "SIGTERM");
    for (const absent of [
      "ports",
      "privileged",
      "networkMode",
      "pidMode",
      "usernsMode",
      "devices",
      "volumes",
      "uploads",
    ]) {
      expect(container).not.toHaveProperty(absent); // CIS 5.5, 5.8-5.10, 5.16, 5.18, 5.31
    }
    if (name !== "acme-postgres") expect(container).not.toHaveProperty("mounts"); // CIS 5.6, 5.32
  });

  test("is named after its tenant, inside and out", () => {
    const { inputs: container } = inputs();
    expect(container.name).toBe(name);
    expect(container.labels).toContainEqual({ label: "olympus-fleet.tenant", value: "acme" });
    expect(container.labels).toContainEqual({ label: "olympus-fleet.managed-by", value: "olympus-fleet" });
  });

  test("its secrets are secrets to Pulumi", () => expect(inputs().secret).toContain("envs"));

  test(isService ? "stays up and is checked" : "waits to be started by its gate", () => {
    const { inputs: container } = inputs();
    if (isService) {
      expect(container.restart).toBe("always");
      expect(container.healthcheck).toMatchObject({ interval: "20s" });
    } else {
      expect(container).toMatchObject({ start: false, mustRun: false, restart: "no" });
    }
  });
});

test("one more label makes neither a volume nor a network again: the provider would replace either", () => {
  const kept = made.filter(({ type }) => type === types.volume || type === types.network);
  expect(kept.map(({ name }) => name).sort()).toEqual(
    expect.arrayContaining([
      "acme-egress",
      "acme-internal",
      "acme-postgres",
      "local-caddy-config",
      "local-caddy-data",
    ]),
  );
  for (const { name, type } of kept) {
    const wanted = type === types.volume ? ["labels", "driver", "driverOpts"] : ["labels"];
    expect(ignored.get(`${type} ${name}`), name).toEqual(wanted);
  }
});

test("no input but a secret one holds a secret", () => {
  for (const { name, inputs, secret } of made) {
    const open = Object.entries(inputs).filter(([key]) => !secret.includes(key));
    expect(JSON.stringify(open), name).not.toMatch(/-of-the-mock|stack-secret-/);
  }
});

test("the SMTP connection reaches Kratos alone", () => {
  const holders = made.filter(({ inputs }) => JSON.stringify(inputs).includes("stack-secret-smtp-main"));
  expect(holders.map(({ name }) => name).sort()).toEqual(["acme-kratos", "bigcorp-kratos"]);
});

test("acme's networks are internal but for the one with a way out, on bridges that the host rule covers", () => {
  const networks = of(types.network, "acme").map(({ inputs }) => inputs);
  expect(networks.map(({ name, internal }) => [name, internal])).toEqual([
    ["acme-internal", true],
    ["acme-egress", false],
  ]);
  for (const { options } of networks) {
    expect(JSON.stringify(options)).toMatch(/"com\.docker\.network\.bridge\.name":"oly-[ie][0-9a-f]+"/);
  }
});

test("no container joins a network of another tenant", () => {
  for (const name of ["acme", "bigcorp"]) {
    for (const { inputs } of of(types.container, name)) {
      for (const network of inputs.networksAdvanced as { name: string }[]) {
        expect(network.name.startsWith(`${name}-`)).toBe(true);
      }
    }
  }
});

test("an image is declared once per host, no matter who uses it", () => {
  const images = made.filter(({ type }) => type === types.image);
  expect(images).toHaveLength(7);
  expect(new Set(images.map(({ inputs }) => inputs.name)).size).toBe(7);
  for (const { inputs } of images) expect(inputs.keepLocally).toBe(true);
  expect(images.map(({ name }) => name)).toContain(`local-image-${shortImageName("registry.test/hydra:1")}`);
});

test("an image is the one that states of before have by its whole reference: it is not made again", () => {
  const images = made.filter(({ type }) => type === types.image);
  for (const { name, inputs } of images) {
    expect(aliased.get(name)).toEqual([{ name: `local-image-${String(inputs.name)}` }]);
  }
});

test("scripts travel on stdin: a command line shows nothing of them", () => {
  const commands = made.filter(({ type }) => type === types.command);
  expect(commands.length).toBeGreaterThan(0);
  for (const { inputs } of commands) {
    expect(inputs.create).toMatch(/^(cat( backends\/docker\/gate\/\w+\.sh)+ - \| )?sh -s create$/);
    expect(String(inputs.stdin)).toContain("set -eu");
  }
});

describe("the last gate", () => {
  const stdin = () => String(made.find(({ name }) => name === "acme-gate-ready")?.inputs.stdin);

  test("is passed again when any service is another container", () => {
    const named = [...stdin().matchAll(/^# (\S+) \S+$/gm)].map(([, name]) => name);
    const services = ["acme-athena", "acme-hera", "acme-hydra", "acme-kratos", "acme-postgres"];
    expect([...new Set(named)].sort()).toEqual(services);
    expect(stdin()).toMatch(/^watch acme-postgres acme-kratos acme-hydra acme-hera acme-athena$/m);
  });

  test("tries the tenant from Athena's container, and looks at all services after it", () => {
    expect(stdin()).toMatch(
      /^tried acme- acme-athena \/bin\/sh -ec [\s\S]+\nunmoved\nconcluded acme-postgres psql -XqAt [\s\S]+$/m,
    );
  });
});

test("a tenant's site file goes with the tenant; the host's Caddyfile stays", () => {
  expect(made.find(({ name }) => name === "acme-vhost")?.inputs.delete).toBe("sh -s delete");
  expect(made.find(({ name }) => name === "local-caddyfile")?.inputs).not.toHaveProperty("delete");
});

test("every resource of a tenant bears its name first", () => {
  const shared = (name: string) => name === "local" || name.startsWith("local-");
  for (const { name } of made) expect(/^(acme|bigcorp)(-|$)/.test(name) || shared(name), name).toBe(true);
});
