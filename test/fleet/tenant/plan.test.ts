import { describe, expect, test } from "vitest";
import { derive } from "../../../fleet/secrets.ts";
import { type Part, parts, services } from "../../../fleet/tenant/parts.ts";
import { planTenant, type TenantPlan } from "../../../fleet/tenant/plan.ts";
import { fill, redacted, type Text } from "../../../fleet/tenant/text.ts";
import type { Workload } from "../../../fleet/tenant/workload.ts";
import { config, host, tenant } from "../../fixtures.ts";

const plan = planTenant(tenant("acme"), host, config);

function workload(of: TenantPlan, part: Part): Workload {
  const found = of.workloads.find((candidate) => candidate.part === part);
  if (!found) throw new Error(`no ${part}`);
  return found;
}

const variable = (of: TenantPlan, part: Part, name: string) => {
  const value: Text | undefined = workload(of, part).env[name];
  return value === undefined ? undefined : redacted(value);
};

test("acme is exactly its parts", () => {
  expect(plan.workloads.map(({ part }) => part).sort()).toEqual([...parts].sort());
});

describe.each(plan.workloads)("$part", (one) => {
  test("runs as nobody", () => expect(one.user).toMatch(/^(65532:65532|999:999)$/));
  test("has a limit on memory", () => {
    expect(one.memory.limitMiB).toBeGreaterThanOrEqual(96);
  });
  test("writes to memory only, and little", () => {
    for (const { sizeMiB } of one.writable) expect(sizeMiB).toBeLessThanOrEqual(16);
  });
  test("has a health check if it stays up", () => {
    expect(one.health !== undefined).toBe(one.kind === "service");
  });
});

test("only Kratos has a way out", () => {
  expect(plan.workloads.filter(({ wayOut }) => wayOut).map(({ part }) => part)).toEqual(["kratos"]);
});

test("what waits for a gate comes after it, and each gate's parts exist before it", () => {
  const made = new Set<Part>(plan.workloads.filter(({ after }) => !after).map(({ part }) => part));
  for (const gate of plan.gates) {
    for (const part of [...gate.await, ...(gate.first ?? []), ...gate.run]) expect(made).toContain(part);
    for (const { part, after } of plan.workloads) if (after === gate.name) made.add(part);
  }
  expect(made.size).toBe(plan.workloads.length);
});

test("the last gate stands for the whole tenant", () => {
  expect(plan.gates.at(-1)).toMatchObject({ name: "ready", watch: services, probe: { in: "athena" } });
});

test("each service has its own role and database", () => {
  expect(variable(plan, "kratos", "DSN")).toBe(
    "postgres://kratos_a:<postgres/kratos/1>@postgres:5432/kratos?sslmode=disable&max_conns=5&max_idle_conns=2",
  );
  expect(variable(plan, "hydra", "DSN")).toContain(
    "postgres://hydra_a:<postgres/hydra/1>@postgres:5432/hydra?",
  );
  expect(variable(plan, "athena", "DATABASE_URL")).toBe(
    "postgres://olympus_a:<postgres/olympus/1>@postgres:5432/olympus?sslmode=disable",
  );
  expect(variable(plan, "hera", "DATABASE_URL")).toBe(variable(plan, "athena", "DATABASE_URL"));
});

test("the superuser's password goes to Postgres and to the step that makes its roles, and stays in both", () => {
  const holders = plan.workloads.filter(({ env }) =>
    Object.values(env).some((v) => redacted(v).includes("<database>")),
  );
  expect(holders.map(({ part }) => part)).toEqual(["postgres", "postgres-roles"]);
});

test("no secret is plain text: what looks like one is a reference", () => {
  for (const { part, env } of plan.workloads) {
    for (const [name, value] of Object.entries(env)) {
      if (!/SECRET|PASSWORD$|_KEY$|SALT/.test(name) || /METHODS_|SECRET_ENABLED/.test(name)) continue;
      expect(typeof value, `${part} ${name}`).not.toBe("string");
    }
  }
});

test("without mail all that needs it is off", () => {
  expect(variable(plan, "kratos", "SELFSERVICE_FLOWS_RECOVERY_ENABLED")).toBe("false");
  expect(variable(plan, "kratos", "SELFSERVICE_FLOWS_VERIFICATION_ENABLED")).toBe("false");
  expect(variable(plan, "kratos", "SELFSERVICE_FLOWS_LOGIN_AFTER")).toBeUndefined();
  expect(workload(plan, "kratos").command).toEqual(["serve"]);
});

test("with mail a verified address is demanded and the courier runs", () => {
  const mailed = planTenant(
    tenant("acme", { mail: { smtp: "main", from: "login@acme.example.org" } }),
    host,
    config,
  );
  expect(variable(mailed, "kratos", "SELFSERVICE_FLOWS_LOGIN_AFTER")).toBe(
    '{"hooks":[{"hook":"require_verified_address"}]}',
  );
  expect(variable(mailed, "kratos", "COURIER_SMTP_CONNECTION_URI")).toBe("<smtp-main>");
  expect(variable(mailed, "kratos", "COURIER_SMTP_FROM_ADDRESS")).toBe("login@acme.example.org");
  expect(workload(mailed, "kratos").command).toEqual(["serve", "--watch-courier"]);
});

test("with mail a new account's verification is told to Hera, and the check at sign-in answers as Hera expects", () => {
  const hooks = (of: TenantPlan) =>
    JSON.parse(variable(of, "kratos", "SELFSERVICE_FLOWS_REGISTRATION_AFTER") ?? "").password.hooks;
  const mailed = planTenant(tenant("acme", { mail: { smtp: "main", from: "a@acme.test" } }), host, config);
  const legacy = "FEATURE_FLAGS_LEGACY_REQUIRE_VERIFIED_LOGIN_ERROR";
  expect(hooks(mailed)).toEqual([{ hook: "session" }, { hook: "show_verification_ui" }]);
  expect(variable(mailed, "kratos", legacy)).toBe("true");
  expect(hooks(plan)).toEqual([{ hook: "session" }]);
  expect(variable(plan, "kratos", legacy)).toBeUndefined();
});

test("origins of applications touch Hydra alone, which they may call", () => {
  const open = planTenant(tenant("acme", { cors: ["https://app.acme.test"] }), host, config);
  const edited = open.workloads.filter(
    (one) => JSON.stringify(one) !== JSON.stringify(workload(plan, one.part)),
  );
  expect(edited.map(({ part }) => part)).toEqual(["hydra"]);
  expect(variable(open, "kratos", "SERVE_PUBLIC_CORS_ENABLED")).toBe("false");
});

test.each([1, 2, 3])(
  "each of Kratos's cookie secrets can be the AES key of a pair, at generation %i",
  (generation) => {
    const of = planTenant(tenant("acme", { secretsGeneration: generation }), host, config);
    const filled = fill(workload(of, "kratos").env.SECRETS_COOKIE ?? "", (ref) => {
      if (ref.from !== "root") throw new Error("not derived");
      return derive(Buffer.alloc(32, 7), ref.label, ref.format);
    });
    const secrets: string[] = JSON.parse(filled);
    expect(secrets.map(({ length }) => length)).toEqual(Array.from({ length: generation }, () => 32));
  },
);

test("a second generation is put in front where Ory takes lists, and nowhere else", () => {
  const second = planTenant(tenant("acme", { secretsGeneration: 2 }), host, config);
  expect(variable(second, "kratos", "SECRETS_CIPHER")).toBe('["<kratos/cipher/2>","<kratos/cipher/1>"]');
  expect(variable(second, "hydra", "SECRETS_SYSTEM")).toBe('["<hydra/system/2>","<hydra/system/1>"]');
  expect(variable(second, "hydra", "OIDC_SUBJECT_IDENTIFIERS_PAIRWISE_SALT")).toBe("<hydra/pairwise-salt/1>");
  expect(variable(second, "athena", "ENCRYPTION_KEY")).toBe("<olympus/encryption-key/1>");
});

test("the oldest generation ends what is only read, but for the cipher", () => {
  const of = planTenant(tenant("acme", { secretsGeneration: 3, secretsOldest: 3 }), host, config);
  expect(variable(of, "kratos", "SECRETS_COOKIE")).toBe('["<kratos/cookie/3>"]');
  expect(variable(of, "hydra", "SECRETS_SYSTEM")).toBe('["<hydra/system/3>"]');
  expect(variable(of, "kratos", "SECRETS_CIPHER")).toBe(
    '["<kratos/cipher/3>","<kratos/cipher/2>","<kratos/cipher/1>"]',
  );
});

test("each generation signs in to the databases as another role than the one before, and Postgres stays as it is", () => {
  const of = (secretsGeneration: number) => planTenant(tenant("acme", { secretsGeneration }), host, config);
  const signsInAs = (generation: number) =>
    /^postgres:\/\/([^@]+)@/.exec(variable(of(generation), "kratos", "DSN") ?? "")?.[1];
  expect([1, 2, 3].map(signsInAs)).toEqual([
    "kratos_a:<postgres/kratos/1>",
    "kratos_b:<postgres/kratos/2>",
    "kratos_a:<postgres/kratos/3>",
  ]);
  expect(workload(of(2), "postgres")).toEqual(workload(plan, "postgres"));
  // The step touches no role that services of the generation before sign in with.
  const touched = variable(of(2), "postgres-roles", "LOGIN_ROLES_SQL") ?? "";
  expect(touched).toContain("ALTER ROLE kratos_b LOGIN PASSWORD '<postgres/kratos/2>'");
  expect(touched).not.toContain("_a");
});

test("people cannot give themselves a role", () => {
  expect(variable(plan, "kratos", "SELFSERVICE_METHODS_PROFILE_ENABLED")).toBe("false");
});

test.each([
  [16, "/var/lib/postgresql/data"],
  [17, "/var/lib/postgresql/data"],
  [18, "/var/lib/postgresql"],
])("Postgres %i keeps its data on the volume", (postgresMajor, path) => {
  const base = tenant("acme");
  const moved = planTenant({ ...base, release: { ...base.release, postgresMajor } }, host, config);
  expect(workload(moved, "postgres").dataPath).toBe(path);
});

test("the bootstrap step knows the administrator's password and client secrets by reference", () => {
  const withClients = planTenant(
    tenant("acme", {
      clients: [
        {
          id: "shop",
          kind: "confidential",
          redirectUris: ["https://shop.example.org/cb"],
          postLogoutRedirectUris: [],
          scope: "openid",
        },
      ],
    }),
    host,
    config,
  );
  const wanted = JSON.parse(variable(withClients, "bootstrap", "BOOTSTRAP") ?? "");
  expect(wanted.administrator).toEqual({
    email: "admin@acme.example.org",
    password: "<athena/administrator/admin@acme.example.org/1>",
    sharedPassword: "<athena/administrator/1>",
  });
  expect(wanted.clients.map(({ client_id }: { client_id: string }) => client_id)).toEqual([
    "athena-client",
    "shop",
  ]);
  expect(wanted.clients[0]).toMatchObject({
    token_endpoint_auth_method: "none",
    redirect_uris: ["https://acme-admin.example.org/api/auth/callback"],
  });
  expect(wanted.clients[1]).toMatchObject({ client_secret: "<client/shop/1>" });
});

test("a redirect URI that looks like a secret's place is text", () => {
  const uri = "https://a.example.org/@secret:administrator@";
  const client = { id: "shop", kind: "confidential", scope: "openid" } as const;
  const planned = planTenant(
    tenant("acme", { clients: [{ ...client, redirectUris: [uri], postLogoutRedirectUris: [] }] }),
    host,
    config,
  );
  const wanted = JSON.parse(variable(planned, "bootstrap", "BOOTSTRAP") ?? "");
  expect(wanted.clients[1].redirect_uris).toEqual([uri]);
});

/** As the step itself joins them. */
function joined({ env }: Workload): string {
  const names = Object.keys(env).filter((name) => name.startsWith("BOOTSTRAP"));
  const place = (name: string) => Number(name.split("_")[1] ?? 1);
  const inOrder = names.sort((a, b) => place(a) - place(b));
  return inOrder.map((name) => fill(env[name] ?? "", () => "s".repeat(64))).join("");
}

test("no variable of 1,200 clients is longer than Linux takes, and together they say all", () => {
  const clients = Array.from({ length: 1200 }, (_, index) => ({
    id: `client-${index}`,
    kind: "confidential" as const,
    redirectUris: [`https://app.example.org/${"ü😀".repeat(40)}/${index}`],
    postLogoutRedirectUris: [],
    scope: "openid",
  }));
  const step = workload(planTenant(tenant("acme", { clients }), host, config), "bootstrap");
  const values = Object.values(step.env).map((value) => fill(value, () => "s".repeat(64)));
  expect(values.length).toBeGreaterThan(5);
  for (const value of values) expect(Buffer.byteLength(value)).toBeLessThan(128 * 1024);
  const { clients: wanted } = JSON.parse(joined(step));
  expect(wanted).toHaveLength(1201);
  expect(wanted.at(-1)).toMatchObject({
    redirect_uris: clients.at(-1)?.redirectUris,
    client_secret: "s".repeat(64),
  });
});

test("an application's own scheme adds nothing to where Kratos lets people return to", () => {
  const client = { id: "app", kind: "public", scope: "openid", postLogoutRedirectUris: [] } as const;
  const returns = (redirectUris: string[]) =>
    variable(
      planTenant(tenant("acme", { clients: [{ ...client, redirectUris }] }), host, config),
      "kratos",
      "SELFSERVICE_ALLOWED_RETURN_URLS",
    );
  expect(returns(["com.bigcorp.app:/callback"])).toBe(
    variable(plan, "kratos", "SELFSERVICE_ALLOWED_RETURN_URLS"),
  );
  expect(returns(["https://app.bigcorp.com:8443/cb"])).toContain('"https://app.bigcorp.com:8443"');
});

test("two tenants share no value of any variable that names a secret, an address or a host", () => {
  const other = planTenant(tenant("bigcorp"), host, config);
  expect(JSON.stringify(other)).not.toContain("acme");
  expect(JSON.stringify(plan)).not.toContain("bigcorp");
});
