import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { internalUrls } from "../../../fleet/tenant/context.ts";
import { signInAt, title } from "../../harness/browser.ts";
import { rotate, rotateUntil } from "../../harness/fleetCommand.ts";
import { callInside } from "../../harness/inside.ts";
import {
  jwks,
  obtainTokens,
  refresh,
  type Tokens,
  tokensOf,
  userinfo,
  verifierKeys,
} from "../../harness/oauth.ts";
import { logsOf, secretsOf, toldInLogs } from "../../harness/tenantSecrets.ts";
import { changes } from "../../harness/testFleet.ts";
import type { TwoTenants } from "../../harness/twoTenants.ts";

/** Commands of the runbook, a line each. */
const page = readFileSync(new URL("../../../docs/runbooks/a-key-leaked.md", import.meta.url), "utf8");
const commands = [...page.matchAll(/```sh\n([\s\S]+?)```/g)].flatMap(([, block = ""]) =>
  block.trim().split("\n"),
);

/** The tenant's own root key, from the second generation of its secrets on. */
const own = { generation: 2, root: { "2": "acme" } };
const newRootKey = () => randomBytes(32).toString("hex");

/** Another generation of a tenant's secrets, from another root key, and what people and applications keep of before. */
export function keysCases(stage: () => TwoTenants): void {
  describe("new secrets", () => {
    let window: Page;
    let tokens: Tokens;
    let pairwise: Tokens;
    let encryptionKey: string | undefined;
    let faults: readonly string[];
    let replaced: readonly string[];
    const rootKey = newRootKey();

    const pairwiseClient = () => ({ ...stage().portal("acme"), id: "sector" });
    const tokensFor = async (client: ReturnType<typeof pairwiseClient>) => {
      const own = await stage().window();
      const found = await obtainTokens(own, stage().visitor, client, stage().people.acme);
      await own.context().close();
      return found;
    };
    const keyOfSettings = async () => (await secretsOf(stage().fleet)).get("acme olympus/encryption-key/1");
    const canSignIn = async () => {
      const [look = ""] = commands.filter((one) => one.startsWith("docker "));
      const { stdout } = await execa("sh", ["-ec", look], { env: { DOCKER_HOST: stage().fleet.dockerHost } });
      return stdout.split("\n");
    };

    /** Has Hydra look into its database all the time; what it says when it cannot. Away for a moment is none of that. */
    async function whileAsked<T>(work: Promise<T>): Promise<{ readonly done: T; readonly faults: string[] }> {
      const found: string[] = [];
      let isDone = false;
      const end = () => {
        isDone = true;
      };
      work.then(end, end);
      const client = { client_id: "portal", response_type: "code", scope: "openid", state: "0123456789" };
      const url = `${stage().urls("acme").api}/oauth2/auth?${new URLSearchParams({ ...client, redirect_uri: stage().application.redirectUri })}`;
      while (!isDone) {
        const { status, headers } = await stage().visitor.call(url);
        const to = String(headers.location ?? "");
        if (status === 500 || /[?&]error=/.test(to)) found.push(`${status} ${to}`);
        await sleep(50);
      }
      return { done: await work, faults: found };
    }

    beforeAll(async () => {
      const { fleet, application, people } = stage();
      const made = await callInside(fleet, "acme", `${internalUrls.hydraAdmin}/admin/clients`, {
        method: "POST",
        body: {
          client_id: "sector",
          redirect_uris: [application.redirectUri],
          grant_types: ["authorization_code", "refresh_token"],
          response_types: ["code"],
          scope: "openid offline_access",
          subject_type: "pairwise",
          token_endpoint_auth_method: "none",
        },
      });
      expect(made.status, made.body).toBe(201);
      tokens = await tokensFor(stage().portal("acme"));
      pairwise = await tokensFor(pairwiseClient());
      encryptionKey = await keyOfSettings();
      window = await stage().window();
      await signInAt(window, stage().urls("acme").login, people.acme);
      expect(await canSignIn()).toEqual(["hydra_a", "kratos_a", "olympus_a", "postgres"]);

      await fleet.stack.setSecret("root-acme", rootKey);
      await stage().edit("acme", { secrets: own });
      const { done, faults: found } = await whileAsked(fleet.up());
      faults = found;
      replaced = changes(done).replaced;
    });

    test("come by the commands of the runbook, which are run here", () => {
      expect(commands).toEqual([
        "pulumi up --stack prod",
        expect.stringMatching(/^docker exec acme-postgres psql /),
        "npm run fleet -- rotate jwks acme --stack prod",
        "npm run fleet -- rotate jwks acme --wait 0m --stack prod",
        "pulumi up --stack prod",
        // As the harness sets it, but for where the random bytes come from.
        "openssl rand -hex 32 | pulumi config set --secret olympus:root-acme --stack prod",
      ]);
    });

    test("replace what has them, and neither the database nor another tenant", () => {
      expect(replaced).toEqual([
        "acme-athena",
        "acme-hera",
        "acme-hydra",
        "acme-hydra-migrate",
        "acme-kratos",
        "acme-kratos-migrate",
        "acme-postgres-roles",
      ]);
    });

    test("leave no service without a password for its database, and end the passwords of before", async () => {
      expect(faults).toEqual([]);
      expect(await canSignIn()).toEqual(["hydra_b", "kratos_b", "olympus_b", "postgres"]);
    });

    test("sign nobody out, and leave refresh tokens and access tokens good", async () => {
      await window.reload();
      expect(await title(window)).toBe("You are signed in");
      const { visitor } = stage();
      const { api } = stage().urls("acme");
      expect((await userinfo(visitor, api, tokens.access_token)).status).toBe(200);
      tokens = tokensOf(await refresh(visitor, stage().portal("acme"), tokens.refresh_token));
      expect((await userinfo(visitor, api, tokens.access_token)).status).toBe(200);
    });

    test("leave ID tokens good that were signed before, and every subject as it was", async () => {
      const { visitor } = stage();
      const { api } = stage().urls("acme");
      const { payload } = await jwtVerify(pairwise.id_token, await verifierKeys(visitor, api));
      const again = await tokensFor(pairwiseClient());
      expect(decodeJwt(again.id_token).sub).toBe(payload.sub);
      expect(payload.sub).not.toBe(decodeJwt(tokens.id_token).sub);
    });

    test("do not touch the key of what Athena has encrypted", async () => {
      expect(encryptionKey).toMatch(/^[0-9a-f]{64}$/);
      expect(await keyOfSettings()).toBe(encryptionKey);
    });

    test("are told in no log", async () => {
      const secrets = await secretsOf(stage().fleet);
      expect([...secrets.keys()]).toContain("acme root-acme: postgres/hydra/2");
      expect(toldInLogs(await logsOf(stage().fleet), secrets)).toEqual([]);
    });

    test("cannot be taken back", async () => {
      await stage().edit("acme", { secrets: { generation: 1 } });
      const { exitCode, output } = await stage().fleet.stack.preview();
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(
        /tenants\.yaml:1:\d+ {2}tenants\.acme\.secrets\.generation: 1 is older than 2, which the tenant has been given: .+ Write generation: 2\./,
      );
      expect(output).toContain('Write root: { "2": acme }.');
    });

    test("are not derived from another root key afterwards: that is refused, and nothing is touched", async () => {
      const { stack } = stage().fleet;
      await stage().edit("acme", { secrets: own });
      await stack.setSecret("root-acme", newRootKey());
      const { exitCode, output } = await stack.up();
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(
        /Refused, and nothing was touched:\s+\S*tenants\.yaml:\S+ {2}tenants\.acme\.secrets\.root: olympus:root-acme is another root key than the one of that name that generation 2 was made with: /,
      );
      await stack.setSecret("root-acme", rootKey);
      const again = await stack.preview();
      expect(again.output).not.toContain("Refused");
      expect(again.exitCode).toBe(0);
    });

    test("do not end those of before while Hydra signs with a key that needs them: nothing stops", async () => {
      const { fleet, visitor } = stage();
      const before = await fleet.docker("inspect", "--format", "{{.Id}}", "acme-hydra");
      await stage().edit("acme", { secrets: { ...own, oldest: 2 } });
      const { exitCode, output } = await fleet.stack.up();
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/tenants\.acme\.secrets\.oldest: nothing that was made before 2\d{3}-/);
      expect(output).toMatch(
        /acme-postgres-roles: failed with exit code 1\. [\s\S]*Nothing was stopped: 2 of Hydra's signing keys are older than generation 2 of the secrets/,
      );
      expect(await fleet.docker("inspect", "--format", "{{.Id}}", "acme-hydra")).toBe(before);
      await verifierKeys(visitor, stage().urls("acme").api);

      await stage().edit("acme", { secrets: own });
      await fleet.up();
      expect(await fleet.docker("inspect", "--format", "{{.Id}}", "acme-hydra")).toBe(before);
    });

    describe("and new keys to sign with", () => {
      const keyOf = (token: string) => decodeProtectedHeader(token).kid;
      const published = async () => {
        const { keys } = await jwks(stage().visitor, stage().urls("acme").api);
        return keys.map(({ kid }) => kid);
      };

      test("come first, and what the old ones have signed stays good while that waits", async () => {
        const { fleet, visitor } = stage();
        const { api } = stage().urls("acme");
        const printed = await rotateUntil(fleet, /may be stopped/, "jwks", "acme");
        expect(printed).toMatch(
          /^acme: hydra\.openid\.id-token signs with a new key, olympus-fleet-2\S+Z-id-token\nacme: hydra\.jwt\.access-token signs with a new key, olympus-fleet-2\S+Z-access-token\nacme: what the old keys have signed is good until 2\S+Z; this waits, and may be stopped: the next call goes on\.\n$/,
        );
        expect(await published()).toHaveLength(4);
        await jwtVerify(pairwise.id_token, await verifierKeys(visitor, api));
        const fresh = await tokensFor(stage().portal("acme"));
        expect(keyOf(fresh.id_token)).toMatch(/^olympus-fleet-/);
        await jwtVerify(fresh.id_token, await verifierKeys(visitor, api));
      });

      test("go on where they were killed, and then the old ones are gone", async () => {
        const { fleet, visitor } = stage();
        const { exitCode, out } = await rotate(fleet, "jwks", "acme", "--wait", "0m");
        expect(out).toMatch(
          /^acme: hydra\.openid\.id-token has lost its key \S+\nacme: hydra\.jwt\.access-token has lost its key \S+\nacme: the old keys are gone\.$/,
        );
        expect(exitCode).toBe(0);
        const left = await published();
        expect(left).toHaveLength(2);
        for (const kid of left) expect(kid).toMatch(/^olympus-fleet-/);
        const keys = await verifierKeys(visitor, stage().urls("acme").api);
        await expect(jwtVerify(pairwise.id_token, keys)).rejects.toThrow("no applicable key");
      });

      test("let the secrets of before end: then only what is older than the new ones is refused", async () => {
        const { fleet, visitor } = stage();
        await stage().edit("acme", { secrets: { ...own, oldest: 2 } });
        await fleet.up();
        expect(await published()).toHaveLength(2);
        const { status } = await refresh(visitor, pairwiseClient(), pairwise.refresh_token);
        expect(status).toBeGreaterThanOrEqual(400);
        expect((await refresh(visitor, stage().portal("acme"), tokens.refresh_token)).status).toBe(200);
        await window.reload();
        expect(await title(window)).toBe("You are signed in");
        await window.context().close();
      });
    });
  });
}
