import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { internalUrls } from "../../../fleet/tenant/context.ts";
import { identitySchemas } from "../../files/identitySchemas.ts";
import { oauthClients } from "../../files/oauthClients.ts";
import { smtpUris } from "../../files/smtpUris.ts";
import type { OneHost } from "../../harness/oneHost.ts";

/** Posts each of a list of clients and prints Hydra's answers. */
const askHydra = `
const answers = [];
for (const client of JSON.parse(process.argv[1])) {
  const body = JSON.stringify({ ...client, token_endpoint_auth_method: "none" });
  const answer = await fetch(process.argv[2], { method: "POST", headers: { "content-type": "application/json" }, body });
  answers.push(answer.status);
}
console.log(JSON.stringify(answers));
`;

/** Exit code 0 when Kratos stays up and is ready, 7 when it ends by itself. */
const startKratos = `kratos serve --watch-courier & pid=$!
for try in $(seq 80); do
  kill -0 $pid 2>/dev/null || exit 7
  wget -q -O /dev/null http://127.0.0.1:5000/health/ready && sleep 1 && { kill -0 $pid || exit 7; exit 0; }
  sleep 0.25
done
exit 9`;

/** What the check of the files says is what Kratos and Hydra say, case by case. */
export function ruleCases(stage: () => OneHost): void {
  describe("the check knows what is taken:", () => {
    let kratosEnv: Readonly<Record<string, string>>;
    beforeAll(async () => {
      const given = await stage().docker("inspect", "--format", "{{json .Config.Env}}", "acme-kratos");
      const lines: string[] = JSON.parse(given);
      kratosEnv = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s, 2)));
    });

    /** Whether a Kratos beside acme's, with these variables laid over its, comes up. */
    async function kratosStarts(change: Readonly<Record<string, string>>): Promise<boolean> {
      const { PATH: _, ...env } = { ...kratosEnv, ...change };
      const names = Object.keys(env).flatMap((name) => ["--env", name]);
      const limits = ["--user", "65532:65532", "--memory", "192m", "--network", "acme-internal"];
      const { exitCode, all } = await execa(
        "docker",
        [
          "run",
          "--rm",
          ...limits,
          ...names,
          "--entrypoint",
          "/bin/sh",
          stage().images.kratos,
          "-c",
          startKratos,
        ],
        { env: { ...env, DOCKER_HOST: stage().dockerHost }, reject: false, all: true },
      );
      if (exitCode !== 0 && exitCode !== 7) throw new Error(`${exitCode}: ${all}`);
      return exitCode === 0;
    }

    /** By case, three at a time: the tenant's network has room for few more. */
    async function verdicts<Case>(cases: readonly Case[], judge: (one: Case) => Promise<boolean>) {
      const found = new Map<Case, boolean>();
      const waiting = [...cases];
      const worker = async () => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          found.set(next, await judge(next));
        }
      };
      await Promise.all([worker(), worker(), worker()]);
      return found;
    }

    test("Kratos: URIs of mail servers", async () => {
      const started = await verdicts(smtpUris, ({ uri }) =>
        kratosStarts({ COURIER_SMTP_CONNECTION_URI: uri, COURIER_SMTP_FROM_ADDRESS: "a@b.example" }),
      );
      expect(smtpUris.map((one) => [one.uri, started.get(one)])).toEqual(
        smtpUris.map(({ uri, fault, isMisread = false }) => [uri, fault === undefined || isMisread]),
      );
    });

    test("Kratos: identity schemas", async () => {
      const usual: object[] = JSON.parse(kratosEnv.IDENTITY_SCHEMAS ?? "");
      const started = await verdicts(identitySchemas, ({ schema }) => {
        const url = `base64://${Buffer.from(JSON.stringify(schema)).toString("base64")}`;
        return kratosStarts({ IDENTITY_SCHEMAS: JSON.stringify([...usual, { id: "staff", url }]) });
      });
      expect(identitySchemas.map((one) => [one.what, started.get(one)])).toEqual(
        identitySchemas.map(({ what, messages, failsLater = false }) => [
          what,
          messages === undefined || failsLater,
        ]),
      );
    });

    test("Hydra: URIs of clients", async () => {
      const clients = oauthClients.map(({ redirect, logout }, index) => ({
        client_id: `rule-${index}`,
        redirect_uris: [redirect],
        post_logout_redirect_uris: logout === undefined ? [] : [logout],
      }));
      const { stdout } = await execa(
        "docker",
        [
          ...["exec", "acme-athena", "node", "--input-type=module", "-e", askHydra],
          ...[JSON.stringify(clients), `${internalUrls.hydraAdmin}/admin/clients`],
        ],
        { env: { DOCKER_HOST: stage().dockerHost } },
      );
      const answers: number[] = JSON.parse(stdout);
      expect(oauthClients.map(({ redirect, logout }, index) => [redirect, logout, answers[index]])).toEqual(
        oauthClients.map(({ redirect, logout, message, isOurs = false }) => [
          redirect,
          logout,
          message === undefined || isOurs ? 201 : 400,
        ]),
      );
    });
  });
}
