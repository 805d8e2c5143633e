import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { networksAt, slotOf } from "../../../backends/docker/subnets.ts";
import { defaults } from "../../../files/defaults.ts";
import { withPostgres16 } from "../../../lab/stack/releases.ts";
import { labelled, lives, siteFiles } from "../../harness/containers.ts";
import type { OneHost } from "../../harness/oneHost.ts";
import { fleetFile } from "../../harness/testFleet.ts";
import { acme, keysPage } from "./tenants.ts";

const steps = `To remove a tenant with its data: write its entry back, pulumi config set olympus:protectData false, pulumi up;
then take out what goes, pulumi up, and pulumi config set olympus:protectData true, pulumi up (docs/operate.md).`;

/** @param stage with acme and bigcorp, healthy */
export function protectionCases(stage: () => OneHost): void {
  describe("where data is protected", () => {
    const protect = (protectData: boolean) => stage().configure({ protectData });
    const flush = (text: string) => text.replaceAll(/^ +/gm, "");

    let file: string;
    beforeAll(async () => {
      file = join(dirname(stage().stack.configFile), "tenants.yaml");
      await protect(true);
      // What other cases have edited is as the file of this one has it.
      await stage().writeTenants(fleetFile({ acme, bigcorp: {} }));
      await stage().up();
    });
    // Whatever the tests have found, destroy() must be able to remove the fleet.
    afterAll(async () => {
      await protect(false);
      await stage().writeTenants(fleetFile({ acme, bigcorp: {} }));
      await stage().up();
    });

    /** Where a word stands in the file, which has one line. */
    const place = (text: string, word: string) => `${file}:1:${text.indexOf(word) + 1}`;

    /** A preview and an `up` of a fleet file say this and nothing else, and touch nothing. */
    async function refused(text: string, message: string): Promise<void> {
      const before = await lives(stage());
      await stage().writeTenants(text);
      for (const { exitCode, output } of [await stage().stack.preview(), await stage().stack.up()]) {
        expect(exitCode).not.toBe(0);
        expect(flush(output)).toContain(`Refused, and nothing was touched:\n${message}\n`);
        expect(output).not.toContain("unprotect");
        expect(output).not.toMatch(/created|updated|deleted|replaced/);
      }
      expect(await lives(stage())).toEqual(before);
      expect(await siteFiles(stage())).toEqual(["acme.caddy", "bigcorp.caddy"]);
    }

    test("a tenant that vanishes from the file is refused, and goes on", async () => {
      const text = fleetFile({ acme });
      await refused(
        text,
        `${place(text, '"tenants"')}  tenants: bigcorp is no longer in the file, and the stack protects data (olympus:protectData). If that was a mistake, write the entry back.\n${steps}`,
      );
      expect((await (await stage().visitor()).call(keysPage("bigcorp"))).status).toBe(200);
    });

    test("another name and a Postgres that cannot read the volume are refused in one message", async () => {
      const release = withPostgres16("2026.11");
      const text = fleetFile({ acme: { ...acme, release }, bigcorp2: {} });
      await refused(
        text,
        `${place(text, '"bigcorp2"')}  tenants.bigcorp2: is new, and bigcorp is gone, with the same host, images and memory: it looks like another name for it. A name cannot be changed: bigcorp2 would begin empty, and the data would stay with bigcorp. Write bigcorp: here in place of bigcorp2: to keep its data in use. Another address for its people is no other name: domains and login (docs/dns-tls.md).
${place(text, `"release":"${release}"`)}  tenants.acme.release: ${release} has Postgres 16, and the tenant's volume was written by Postgres 18, which 16 cannot read. Name a release with Postgres 18; its data moves by dump and restore only (docs/operate.md, Another Postgres).
${steps}`,
      );
    });

    test("a host of another stack is refused, and written back all of it is quiet", async () => {
      await stage().configure({ elsewhere: ["eu-9"] });
      const text = fleetFile({ acme: { ...acme, host: "local" }, bigcorp: { host: "eu-9" } });
      await refused(
        text,
        `${place(text, '"host":"eu-9"')}  tenants.bigcorp.host: eu-9 is another stack's host, and the data of bigcorp is on local: it does not move. Write host: local.\n${steps}`,
      );
      await stage().configure({ elsewhere: [] });
      await stage().writeTenants(fleetFile({ acme, bigcorp: {} }));
      await stage().up("--expect-no-changes");
    });

    test("another network is told and done, with the data and without a neighbour, and so is the way back", async () => {
      const neighbours = async () =>
        Object.entries(await lives(stage())).filter(([name]) => !name.startsWith("bigcorp-"));
      const before = await neighbours();
      const administrator = async () =>
        stage().docker(
          "exec",
          "bigcorp-postgres",
          "psql",
          "-U",
          "postgres",
          "-d",
          "kratos",
          "-Atc",
          "SELECT id FROM identities",
        );
      const people = await administrator();
      const pool = defaults.host.networkPool;
      const slot = slotOf("bigcorp", pool);
      const [own, other] = [slot, slot === 0 ? 1 : slot - 1].map((at) => networksAt(at, pool).internal);
      const edits = [
        { from: own, to: other, entry: { network: other }, word: '"network"' },
        { from: other, to: own, entry: {}, word: '"bigcorp"' },
      ];
      for (const { from, to, entry, word } of edits) {
        const text = fleetFile({ acme, bigcorp: entry });
        await stage().writeTenants(text);
        const { output } = await stage().up();
        expect(flush(output)).toContain(
          `${place(text, word)}  tenants.bigcorp.network: ${from} → ${to}: every container of the tenant replaced, about 20 s down. Write network: ${from} to leave it as it is.\n`,
        );
        expect((await (await stage().visitor()).call(keysPage("bigcorp"))).status).toBe(200);
        expect(await administrator()).toBe(people);
      }
      expect(people).toMatch(/\S/);
      expect(await neighbours()).toEqual(before);
      await stage().up("--expect-no-changes");
    });

    test("a Postgres of which nobody knew, and that cannot read the volume, leaves a way back", async () => {
      const path = join(dirname(stage().stack.configFile), "releases.yaml");
      const file = parse(await readFile(path, "utf8"));
      const { "2026.11": running, [withPostgres16("2026.11")]: older } = file.releases;
      // It says 18, and is not.
      const images = { ...running.images, postgres: older.images.postgres };
      file.releases.mistaken = { ...running, images };
      await writeFile(path, stringify(file, { aliasDuplicateObjects: false }));
      const neighbours = async () =>
        Object.entries(await lives(stage())).filter(([name]) => !name.startsWith("bigcorp-"));
      const before = await neighbours();
      await stage().writeTenants(fleetFile({ acme, bigcorp: { release: "mistaken" } }));
      const { exitCode, output } = await stage().stack.up();
      expect(exitCode).not.toBe(0);
      expect(output).toContain("bigcorp-postgres: does not stay up");
      await stage().writeTenants(fleetFile({ acme, bigcorp: {} }));
      expect(flush((await stage().up()).output)).toContain(
        "tenants.bigcorp: it is not known whether the new Postgres image can use the volume of bigcorp, made under another image.",
      );
      expect((await (await stage().visitor()).call(keysPage("bigcorp"))).status).toBe(200);
      expect(await neighbours()).toEqual(before);
      await stage().up("--expect-no-changes");
    });

    test("an entry that was added by mistake is taken back as the message says", async () => {
      const neighbours = await lives(stage());
      await stage().writeTenants(fleetFile({ acme, bigcorp: {}, oops: {} }));
      await stage().up();
      await stage().writeTenants(fleetFile({ acme, bigcorp: {} }));
      expect((await stage().stack.up()).output).toContain("tenants: oops is no longer in the file");
      await stage().writeTenants(fleetFile({ acme, bigcorp: {}, oops: {} }));
      await protect(false);
      await stage().up();
      await stage().configure({ removeAtOnce: "20%" });
      await stage().writeTenants(fleetFile({}));
      const { exitCode, output } = await stage().stack.up();
      expect(exitCode).not.toBe(0);
      expect(flush(output)).toContain(
        "olympus:removeAtOnce: 3 of 3 tenants would be removed with all data (acme, bigcorp, oops), and one run may remove 1 (20%). If that was a mistake, write the entries back. If not: pulumi config set olympus:removeAtOnce 100%, pulumi up, and then pulumi config set olympus:removeAtOnce 20%.\n",
      );
      const text = fleetFile({ acme, bigcorp: {} });
      await stage().writeTenants(text);
      expect(flush((await stage().up()).output)).toContain(
        `${place(text, '"tenants"')}  tenants: oops is removed with all data.`,
      );
      await protect(true);
      await stage().up();
      expect(await lives(stage())).toEqual(neighbours);
      expect(await labelled(stage(), "volume")).not.toContain("oops-postgres");
      await stage().up("--expect-no-changes");
    });

    test("destroy stops as well, before anything has stopped", async () => {
      const before = await lives(stage());
      const { exitCode, output } = await stage().stack.destroy();
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/(acme|bigcorp)-vhost.*cannot be deleted.*because it is protected/s);
      expect(await lives(stage())).toEqual(before);
    });
  });
}
