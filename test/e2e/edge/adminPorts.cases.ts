import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { managedBy } from "../../../fleet/names.ts";
import { internalUrls } from "../../../fleet/tenant/context.ts";
import { callInside } from "../../harness/inside.ts";
import { httpPort, httpsPort } from "../../harness/testFleet.ts";
import { type TwoTenants, tenantNames } from "../../harness/twoTenants.ts";
import type { Answer } from "../../harness/visitor.ts";

/** Lists that only Kratos's and Hydra's admin ports give. */
const lists = { identities: "/admin/identities", clients: "/admin/clients" };

/** Spellings that a proxy and the server behind it might read differently. */
const spellings = [
  ...Object.values(lists),
  "/identities",
  "/clients",
  "//admin/clients",
  "/./admin/clients",
  "/oauth2/../admin/clients",
  "/oauth2/..%2fadmin/clients",
  "/%61dmin/clients",
  "/admin%2Fclients",
  "/ADMIN/clients",
  "/admin/clients/",
  "/admin;/clients",
  "\\admin\\clients",
  "/kratos/admin/identities",
  "/hydra/admin/clients",
];

/** TCP ports that anything on the machine's own network listens on. */
async function listeningPorts(): Promise<number[]> {
  const listening = "0A";
  const tables = await Promise.all(["tcp", "tcp6"].map((table) => readFile(`/proc/net/${table}`, "utf8")));
  const rows = tables.flatMap((table) => table.trim().split("\n").slice(1));
  const ports = rows.map((row) => row.trim().split(/\s+/)).filter(([, , , state]) => state === listening);
  return [...new Set(ports.map(([, local = ""]) => Number.parseInt(local.split(":")[1] ?? "", 16)))];
}

export function adminPortCases(stage: () => TwoTenants): void {
  /** Words that only an answer of an admin port holds. */
  let telling: string[];
  const tells = ({ text }: Pick<Answer, "text">) => telling.filter((word) => text.includes(word));

  beforeAll(() => {
    telling = [stage().people.acme.email, stage().application.redirectUri];
  });

  describe("Kratos's and Hydra's admin ports", () => {
    test("answer inside the tenant's network", async () => {
      const { fleet } = stage();
      const people = await callInside(fleet, "acme", `${internalUrls.kratosAdmin}${lists.identities}`);
      expect(people.body).toContain(stage().people.acme.email);
      const clients = await callInside(fleet, "acme", `${internalUrls.hydraAdmin}${lists.clients}`);
      expect(clients.body).toContain(stage().application.redirectUri);
    });

    test.each(["login", "api", "admin"] as const)("answer at no path of the %s address", async (purpose) => {
      const url = stage().urls("acme")[purpose];
      for (const target of spellings) {
        const answer = await stage().visitor.call(url, { target });
        expect([target, answer.status >= 300, tells(answer)]).toEqual([target, true, []]);
      }
    });

    test.each(["login", "api", "admin"] as const)(
      "answer to no header sent to the %s address",
      async (purpose) => {
        const url = stage().urls("acme")[purpose];
        const inside = [new URL(internalUrls.kratosAdmin).host, new URL(internalUrls.hydraAdmin).host];
        const names = [...inside, "acme-kratos:5001", "acme-hydra:5003", "127.0.0.1:5003", "localhost"];
        const tries = names.flatMap((name) => [
          { headers: { host: name } },
          { headers: { "x-forwarded-host": name } },
          { headers: { "x-original-url": lists.clients, "x-rewrite-url": lists.clients } },
        ]);
        const absolute = inside.flatMap((host) =>
          Object.values(lists).map((path) => ({ target: `http://${host}${path}` })),
        );
        for (const call of [...tries, ...absolute]) {
          for (const path of Object.values(lists)) {
            const answer = await stage().visitor.call(url, { target: path, ...call });
            // A host that Caddy does not know gets an empty page.
            const empty = answer.status >= 300 || answer.text === "";
            expect([call, empty, tells(answer)]).toEqual([call, true, []]);
          }
        }
      },
    );

    test("answer on no port of the host", async () => {
      const ports = await listeningPorts();
      expect(ports).toEqual(expect.arrayContaining([httpPort, httpsPort]));
      for (const port of ports) {
        for (const path of Object.values(lists)) {
          const signal = AbortSignal.timeout(2000);
          const text = await fetch(`http://127.0.0.1:${port}${path}`, { signal, redirect: "manual" })
            .then((answer) => answer.text())
            .catch(() => ""); // speaks something else, or listens elsewhere
          expect([port, tells({ text })]).toEqual([port, []]);
        }
      }
    });

    test("nor does any tenant's container publish a port", async () => {
      const { fleet } = stage();
      const label = "label=olympus-fleet.tenant";
      const all = `label=olympus-fleet.managed-by=${managedBy}`;
      const ids = await fleet.docker("ps", "--all", "--quiet", "--filter", label, "--filter", all);
      const format =
        "{{json .HostConfig.PortBindings}} {{.HostConfig.PublishAllPorts}} {{json .NetworkSettings.Ports}} " +
        "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}";
      const found = await fleet.docker("inspect", "--format", format, ...ids.split("\n"));
      const lines = found.trim().split("\n");
      expect(lines).toHaveLength(9 * tenantNames.length);
      const unpublished = /^({}|null) false {("\d+\/tcp":null,?)*} (acme|bigcorp)-(egress \3-)?internal ?$/;
      for (const line of lines) expect(line).toMatch(unpublished);
    });
  });
}
