import { describe, expect, test } from "vitest";
import { logsOf, secretsOf, toldInLogs } from "../../harness/tenantSecrets.ts";
import { type TwoTenants, tenantNames } from "../../harness/twoTenants.ts";

export function logCases(stage: () => TwoTenants): void {
  describe("logs", () => {
    test("tell no secret of a tenant, and no password that somebody has typed", async () => {
      const { fleet, people, outputs } = stage();
      const secrets = new Map(await secretsOf(fleet));
      for (const name of tenantNames) {
        // 16 kinds of derived secret (the administrator's password in two forms), the database password, one confidential
        // client.
        expect([...secrets.keys()].filter((what) => what.startsWith(name))).toHaveLength(18);
        secrets.set(`${name} typed password`, people[name].password);
        const { initialPassword } = outputs[name].administrator;
        expect([...secrets.values()]).toContain(initialPassword);
      }
      for (const secret of secrets.values()) expect(secret.length).toBeGreaterThanOrEqual(24);
      expect(new Set(secrets.values()).size).toBe(secrets.size);

      const logs = await logsOf(fleet);
      expect(logs.size).toBe(20); // nine parts of two tenants, Caddy, the firewall
      expect(toldInLogs(logs, secrets)).toEqual([]);
    });
  });
}
