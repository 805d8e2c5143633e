import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadFleet } from "../../files/load.ts";
import { ringsInOrder } from "../../fleet/rings/ring.ts";
import {
  input,
  lines,
  refusalOf,
  releasesText,
  schemaText,
  stackConfig,
  tenant,
} from "../fleet/fleetInput.ts";

const root = join(import.meta.dirname, "../..");
const local = { local: { address: "unix:///var/run/docker.sock", memory: "8GiB" } };
const laptop = { domain: "localhost", hosts: local, tls: { mode: "internal" } };

describe("a fleet that uses every field", () => {
  const fleet = loadFleet(input());

  test("has the tenants of this stack's hosts, in the order of the file", () => {
    expect(fleet.tenants.map(({ name, host }) => [name, host])).toEqual([
      ["acme", "eu-1"],
      ["bigcorp", "eu-2"],
    ]);
  });

  test("names the tenants that another stack makes", () => {
    expect(fleet.skipped).toEqual([{ name: "faraway", host: "us-1" }]);
  });

  test("carries every field of a tenant", () => {
    expect(fleet.tenants[1]).toMatchObject({
      ring: "canary",
      domains: ["login.bigcorp.com", "id.bigcorp.com"],
      admin: { email: "ops@bigcorp.com", allow: ["203.0.113.0/24", "2001:db8::/48"] },
      mail: { smtp: "bulk", from: "no-reply@bigcorp.com" },
      cors: ["https://app.bigcorp.com"],
      clients: [
        {
          id: "shop",
          redirectUris: ["https://app.bigcorp.com/callback"],
          postLogoutRedirectUris: ["https://app.bigcorp.com/"],
          scope: "openid profile email",
          kind: "confidential",
        },
      ],
      schemas: { staff: schemaText },
      secretsGeneration: 2,
      state: "active",
      network: "10.128.4.16/28",
      requirement: "SOC 2 letter of 2026-03-02",
    });
  });

  test("puts a tenant's images over its release's", () => {
    const { release } = fleet.tenants[1] ?? {};
    expect(release?.name).toBe("2026.10");
    expect(release?.images.kratos).toBe("docker.io/oryd/kratos:v26.2.1");
    expect(release?.images.hydra).toBe("docker.io/oryd/hydra:v26.2.0");
  });

  test("puts a tenant's limits over its named size", () => {
    const { size } = fleet.tenants[1] ?? {};
    expect(size?.postgres.limitMiB).toBe(1024);
    expect(size?.kratos.limitMiB).toBe(192);
  });

  test("fills in what acme leaves out", () => {
    expect(fleet.tenants[0]).toMatchObject({
      release: { name: "2026.11", versions: { kratos: "v26.2.0", hydra: "v26.2.0" }, postgresMajor: 18 },
      ring: "stable",
      admin: { email: "admin@acme.id.example.com", allow: ["198.51.100.0/24"] },
      mail: { smtp: "main", from: "no-reply@acme.id.example.com" },
      domains: [],
      cors: [],
      clients: [],
      schemas: {},
      secretsGeneration: 1,
    });
    expect(fleet.tenants[0]?.size.kratos.limitMiB).toBe(96);
  });

  test("carries the stack's configuration", () => {
    expect(fleet.config.hosts["eu-2"]).toEqual({
      name: "eu-2",
      address: "unix:///run/eu-2/docker.sock",
      engine: "docker",
      publicAddress: [],
      memoryMiB: 8192,
      reserveMiB: 1024,
      networkPool: "10.128.0.0/9",
      httpPort: 80,
      httpsPort: 443,
      healthIntervalSeconds: 20,
      inputRule: "require",
    });
    expect(fleet.config).toMatchObject({
      stack: "prod",
      elsewhere: ["us-1"],
      tls: stackConfig.tls,
      dns: { provider: "none", mode: "records" },
    });
    expect(fleet.rings).toEqual(ringsInOrder(["canary", "stable"]));
  });
});

test("three lines are a fleet", () => {
  const fleet = loadFleet(
    input({
      tenants: 'defaults: { release: "2026.11", mail: none }\ntenants:\n  acme: {}\n',
      config: laptop,
    }),
  );
  expect(fleet.tenants).toHaveLength(1);
  expect(fleet.tenants[0]).toMatchObject({ name: "acme", host: "local", mail: "none", ring: "stable" });
  expect(fleet.config).toMatchObject({ dns: { provider: "none" }, overcommit: 1.5, protectData: true });
});

test("versions come from tags, else from the release, and a tenant's own image has its tag's alone", () => {
  const digest = `sha256:${"f".repeat(64)}`;
  const releases = releasesText
    .replaceAll("oryd/kratos:v26.2.0", `oryd/kratos@${digest}`)
    .replaceAll("    postgresMajor: 18", "    postgresMajor: 18\n    versions: { kratos: 26.2.0 }");
  const own = `tenants:\n  t: {}\n  u: { images: { kratos: "r.test/kratos:v1.3.1@${digest}", hydra: "r.test/hydra@${digest}" } }\n`;
  const tenants = `defaults: { release: "2026.11", mail: none }\n${own}`;
  const fleet = loadFleet(input({ releases, tenants, config: laptop }));
  expect(fleet.tenants.map(({ release }) => release.versions)).toEqual([
    { kratos: "v26.2.0", hydra: "v26.2.0" },
    { kratos: "v1.3.1", hydra: undefined },
  ]);
});

test("what Postgres is built on comes from the tag, else from the release, and of a tenant's own image from its tag alone", () => {
  const digest = `sha256:${"f".repeat(64)}`;
  const releases = releasesText
    .replaceAll("library/postgres:18.1-trixie", `library/postgres@${digest}`)
    .replaceAll("    postgresMajor: 18", "    postgresMajor: 18\n    postgresBase: bookworm");
  const own = (postgres: string) => `{ images: { postgres: "${postgres}" } }`;
  const tenants = `defaults: { release: "2026.11", mail: none }\ntenants:\n  t: {}\n  u: ${own("r.test/p:18.1-alpine3.22")}\n  v: ${own("r.test/p:18.1")}\n`;
  const bases = loadFleet(input({ releases, tenants, config: laptop })).tenants.map(
    ({ release }) => release.postgresBase,
  );
  expect(bases).toEqual(["bookworm", "alpine", undefined]);
  const [tagged] = loadFleet(
    input({ tenants: 'defaults: { release: "2026.11", mail: none }\ntenants:\n  t: {}\n', config: laptop }),
  ).tenants;
  expect(tagged?.release.postgresBase).toBe("trixie");
});

test("an entry may be empty", () => {
  expect(refusalOf(tenant(""))).toBeUndefined();
  expect(refusalOf(tenant("{}"))).toBeUndefined();
});

test("a tenant may be called like a property that every object has", () => {
  const names = ["constructor", "valueof", "tostring", "hasownproperty"];
  const tenants = `defaults: { release: "2026.11", mail: none }\ntenants: { ${names.map((name) => `${name}: {}`).join(", ")} }`;
  expect(loadFleet(input({ tenants, config: laptop })).tenants.map(({ name }) => name)).toEqual(names);
  expect(lines({ ...tenant("{ host: constructor, release: toString }") }).join("\n")).toMatch(
    /"constructor" is not a host[\s\S]*"toString" is not a release/,
  );
});

test("a tenant's map of limits lies over the default size when it names no base", () => {
  const tenants = `defaults: { release: "2026.11", mail: none, size: { base: large, hera: 512MiB } }
tenants: { t: { size: { kratos: 100MiB } } }`;
  const [t] = loadFleet(input({ tenants, config: laptop })).tenants;
  expect(t?.size.kratos.limitMiB).toBe(100);
  expect(t?.size.postgres.limitMiB).toBe(768);
  expect(t?.size.hera.limitMiB).toBe(512);
});

test("the repository's own files are a sound fleet for a laptop", () => {
  const text = (file: string) => ({ file, text: readFileSync(join(root, file), "utf8") });
  const files = { tenants: text("tenants.yaml"), releases: text("releases.yaml") };
  const fleet = loadFleet({ ...input({ config: laptop, secretKeys: [] }), ...files });
  expect(fleet.tenants.map(({ name }) => name)).toEqual(["acme", "bigcorp"]);
});

test("in production the example's floating tags are refused, each at its line", () => {
  const text = (file: string) => ({ file, text: readFileSync(join(root, file), "utf8") });
  const found = () =>
    loadFleet({
      ...input({ config: { ...laptop, tls: stackConfig.tls } }),
      tenants: text("tenants.yaml"),
      releases: text("releases.yaml"),
    });
  expect(found).toThrow(
    /^releases\.yaml:\d+:7 {2}releases\["2026\.11"\]\.images\.hera: the tag latest floats/,
  );
});
