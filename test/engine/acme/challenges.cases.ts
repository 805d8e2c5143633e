import { describe, expect, test } from "vitest";
import type { AcmeStage } from "../../harness/acmeStage.ts";

/** Nobody listens there, so the challenge at that port cannot be passed. */
const closed = 9;

export function challengeCases(stage: () => AcmeStage): void {
  describe.each([
    ["HTTP-01", "http.challengecorp", { httpsPort: closed }],
    ["TLS-ALPN-01", "tls.challengecorp", { httpPort: closed }],
  ] as const)("by %s alone", (_challenge, domain, options) => {
    test("names are validated, at an authority that has taken the place of another", async () => {
      // With it comes another root of the ACME server's own, which Caddy has to trust from now on.
      await stage().orderFrom(options);
      await stage().publish("challengecorp", { domains: [`${domain}.test`] });
      const answer = await stage().visit(`${domain}.test`, { patienceSeconds: 60 });
      expect(answer).toMatchObject({ status: 200, text: `${domain}.test` });
      expect((await stage().acme.journal()).validated).toContain(`${domain}.test`);
    });
  });

  test("roots of ACME servers that were before do not pile up", async () => {
    const roots = (await stage().caddy.inside("ls /etc/caddy/roots")).split("\n");
    expect(roots.length).toBeLessThanOrEqual(2);
  });
}
