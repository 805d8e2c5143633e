import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { homes, type PublicFleet, publicTenants, tenants } from "../../harness/publicFleet.ts";
import { changes, fleetFile } from "../../harness/testFleet.ts";
import { visit } from "../../harness/tlsVisit.ts";

const gone = "eu-2";
const theirs = publicTenants.filter((tenant) => homes[tenant] === gone);
const others = publicTenants.filter((tenant) => homes[tenant] !== gone);

/** Tenants of a living and of the dead host, each with another origin allowed: a change of their Hydra. */
function edited(stage: PublicFleet, names: readonly string[]): string {
  const all = Object.entries(tenants(stage.application)).map(([name, tenant]) => [
    name,
    names.includes(name) ? { ...tenant, cors: ["https://app.example.com"] } : tenant,
  ]);
  return fleetFile(Object.fromEntries(all));
}

export function goneHostCases(stage: () => PublicFleet): void {
  describe(`host ${gone} is gone`, () => {
    const status = async (tenant: (typeof publicTenants)[number]) => {
      const { hostname } = new URL(stage().urls(tenant).login);
      return (await visit(stage().fleet.host("edge-1").address, hostname, { path: "/login?next=home" }))
        .status;
    };

    beforeAll(() => stage().fleet.host(gone).unplug());
    afterAll(() => stage().fleet.host(gone).plug());

    test("its tenants are told so, all others answer", async () => {
      await expect
        .poll(() => Promise.all(theirs.map(status)), { timeout: 30_000 })
        .toEqual(theirs.map(() => 502));
      expect(await Promise.all(others.map(status))).toEqual(others.map(() => 200));
    });

    test("an edit of two tenants is done where a host answers, and one message says of whom it is not", async () => {
      const { fleet } = stage();
      await fleet.writeTenants(edited(stage(), ["acme", "clinic"]));
      const run = await fleet.stack.up({ args: ["--parallel", "32", "--continue-on-error"] });
      expect(run.exitCode).not.toBe(0);
      expect(run.output.match(/^ *host \S+ \(ssh:.* cannot be used/gm)).toHaveLength(1);
      const complaining = run.output.match(/^ {2}[\w:]+ \([\w-]+\):$/gm);
      expect(complaining?.sort()).toEqual([
        `  command:local:Command (${gone}-reach):`,
        "  pulumi:pulumi:Stack (olympus-test):",
      ]);
      const { created, updated, replaced, deleted } = changes(run);
      const touched = [...created, ...updated, ...replaced, ...deleted];
      expect(touched).toContain("acme-hydra");
      expect(touched.filter((name) => theirs.some((tenant) => name.startsWith(`${tenant}-`)))).toEqual([]);
      expect(await status("acme")).toBe(200);
    });

    test("it comes back: its tenants answer, and the next run finishes the edit", async () => {
      const { fleet } = stage();
      await fleet.host(gone).plug();
      await expect
        .poll(() => Promise.all(theirs.map(status)), { timeout: 30_000 })
        .toEqual(theirs.map(() => 200));
      const finished = changes(await fleet.up());
      const names = [...finished.created, ...finished.updated, ...finished.replaced];
      expect(names).toContain("clinic-hydra");
      expect(names.filter((name) => others.some((tenant) => name.startsWith(`${tenant}-`)))).toEqual([]);
      await fleet.up("--expect-no-changes");
    });
  });
}
