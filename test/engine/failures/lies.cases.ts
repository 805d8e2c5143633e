import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serviceAnswers, servicesScript } from "../../../backends/docker/services.ts";
import { trialsOf } from "../../../backends/docker/trials.ts";
import { planTenant } from "../../../fleet/tenant/plan.ts";
import { registryDir } from "../../../lab/docker/registry.ts";
import { variantOf } from "../../../lab/images/publish.ts";
import { config, host, tenant } from "../../fixtures.ts";
import { containersOf, lives } from "../../harness/containers.ts";
import { fleetFile, type TestFleet } from "../../harness/testFleet.ts";
import { bigcorp } from "./bigcorp.ts";
import { passGate, runHere, serviceOf } from "./passGate.ts";

/** A Hera who says that she is well, and whose page says something else. */
const closedHera = `
require("node:http").createServer((request, answer) => {
  console.error("error: " + request.url.split("?")[0] + " is under construction");
  answer.end(request.url === "/health" ? "ok" : "<h1>Soon</h1>");
}).listen(3000);`;

/** @param fleet with acme and bigcorp, healthy */
export function lyingCases(fleet: () => TestFleet): void {
  const { of, sql, healthOf, isHealthy, lastGate, probesLeft } = bigcorp(fleet);

  /** What whoever asks later learns of bigcorp. */
  async function trial() {
    const tried = trialsOf([planTenant(tenant("bigcorp"), host, config)]);
    const asked = [{ container: of("hydra"), health: await healthOf(of("hydra")) }];
    const { exitCode, stdout } = await runHere(fleet(), servicesScript("docker", asked, tried));
    expect(exitCode).toBe(0);
    const answers = serviceAnswers(stdout);
    expect(answers.services.get(of("hydra"))).toMatchObject({ state: "running", isHealthy: true });
    return answers.trials.get("bigcorp");
  }

  describe("a service that says it is well and is not", () => {
    test("a tenant that works passes, and nothing of the probe is left", async () => {
      expect(await passGate(fleet(), lastGate())).toEqual({ exitCode: 0, stderr: "" });
      expect(await trial()).toEqual({ isGood: true });
      expect((await probesLeft()).trim()).toBe("0");
    });

    test("a Hydra under another system secret: 'ready', and refused with the cause", async () => {
      const name = "acme-hydra-of-a-wrong-release";
      const { Config } = (await containersOf(fleet())).get("acme-hydra") ?? {};
      const env = Object.fromEntries((Config?.Env ?? []).map((one) => one.split(/=(.*)/s, 2)));
      const wrong = { ...env, SECRETS_SYSTEM: JSON.stringify(["0".repeat(64)]) };
      const names = Object.keys(wrong).filter((one) => one !== "PATH");
      const limits = ["--user", "65532:65532", "--memory", "192m", "--network", "acme-internal"];
      await execa(
        "docker",
        [
          ...["run", "--detach", "--name", name, ...limits, ...names.flatMap((one) => ["--env", one])],
          ...[fleet().images.hydra, "serve", "all"],
        ],
        { env: { ...wrong, PATH: process.env.PATH, DOCKER_HOST: fleet().dockerHost } },
      );
      try {
        const ready = () =>
          fleet().tryDocker("exec", name, "wget", "-q", "-O", "-", "http://127.0.0.1:5003/health/ready");
        await expect.poll(async () => (await ready()).output, { timeout: 30_000 }).toContain('"ok"');
        const service = await serviceOf(fleet(), name, await healthOf("acme-hydra"));
        const { exitCode, stderr } = await passGate(fleet(), { await: [service], timeoutSeconds: 5 });
        expect(exitCode).toBe(1);
        expect(stderr).toMatch(
          new RegExp(
            `^${name}: is not healthy after 5 s\\. Errors in its log:\\n.*message authentication failed`,
            "s",
          ),
        );
        expect(stderr).toContain(
          "\nIf an edit did this, the way back: write the release or images of before",
        );
        expect(stderr).not.toContain("0".repeat(64));
        expect((await ready()).output).toContain('"ok"');
      } finally {
        await fleet().tryDocker("rm", "--force", name);
      }
    });

    describe.each([
      [
        "hydra",
        "hydra_oauth2_access",
        /^bigcorp-hydra: is healthy and gives no token: POST \/oauth2\/token: 500 /,
        /^hydra gives no token: POST \/oauth2\/token: 500 /,
        /Unable to locate the table/,
      ],
      [
        "kratos",
        "selfservice_login_flows",
        /^bigcorp-kratos: is healthy and begins no sign-in: GET \/self-service\/login\/api: 500 /,
        /^kratos begins no sign-in: GET \/self-service\/login\/api: 500 /,
        /relation .*selfservice_login_flows.* does not exist/,
      ],
    ])("a %s that lacks the table %s", (service, table, refusal, complaint, cause) => {
      beforeAll(() => sql(service, `ALTER TABLE ${table} RENAME TO aside`));
      afterAll(() => sql(service, `ALTER TABLE aside RENAME TO ${table}`));

      test("is healthy, and the last gate refuses it with the cause", async () => {
        expect(await isHealthy(of(service))).toBe(true);
        const { exitCode, stderr } = await passGate(fleet(), lastGate());
        expect(exitCode).toBe(1);
        expect(stderr).toMatch(refusal);
        expect(stderr).toContain(" Errors in its log:\n");
        expect(stderr).toMatch(cause);
      });

      test("is no failure of whoever asks later, but an answer", async () => {
        const answer = await trial();
        expect(answer).toMatchObject({ isGood: false });
        expect(answer && "complaint" in answer && answer.complaint).toMatch(complaint);
        expect((await probesLeft()).trim()).toBe("0");
      });
    });

    test("one that dies and comes back while the gate is at work is refused, though all is healthy at its end", async () => {
      const slow = await serviceOf(fleet(), of("athena"), ["sh", "-c", "sleep 4"]);
      const passing = passGate(fleet(), { ...lastGate(), await: [slow] });
      await sleep(2_000);
      const { Pid } = (await containersOf(fleet())).get(of("kratos"))?.State ?? {};
      process.kill(Pid ?? 0, "SIGKILL"); // not by the engine, which would leave it down
      const { exitCode, stderr } = await passing;
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        /^bigcorp-kratos: does not stay up: it was started again while this gate was at work\. /,
      );
      await expect.poll(() => isHealthy(of("kratos")), { timeout: 30_000 }).toBe(true);
      expect(await passGate(fleet(), lastGate())).toEqual({ exitCode: 0, stderr: "" });
    });

    describe("a release whose Hera has no sign-in page", () => {
      let before: Record<string, string>;
      beforeAll(async () => {
        before = await lives(fleet());
        const hera = await variantOf(registryDir, fleet().images.hera, "engine-test-closed", {
          Cmd: ["node", "-e", closedHera],
        });
        await fleet().writeTenants(fleetFile({ acme: {}, bigcorp: { images: { hera } } }));
      });

      test("is refused with what she says, and nobody else notices", async () => {
        const { exitCode, output } = await fleet().stack.up();
        expect(exitCode).not.toBe(0);
        expect(output).toContain(
          "bigcorp-hera: is healthy and shows no sign-in page: GET /login: 200, without a form. Errors in its log:",
        );
        expect(output).toContain("error: /login is under construction");
        expect(output).toContain("the way back: write the release or images of before, then pulumi up");
        const after = await lives(fleet());
        expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(["bigcorp-hera"]);
      });

      test("the way back leads back", async () => {
        await fleet().writeTenants(fleetFile({ acme: {}, bigcorp: {} }));
        await fleet().up();
        await fleet().up("--expect-no-changes");
      });
    });
  });
}
