import { describe, expect, test } from "vitest";
import { type DnsStage, refused, tokens, wildcard } from "../../harness/dnsStage.ts";

const containers = ({ fleet }: DnsStage) => fleet.docker("ps", "-aq");

export function refusalCases(stage: () => DnsStage): void {
  describe("before anything is made", () => {
    test.each([
      ["a token that nobody knows", tokens.unknown, "Invalid access token (9109)"],
      [
        "a text that is no token",
        "short",
        "Invalid request headers (6003), Invalid format for Authorization header (6111)",
      ],
    ])("%s", async (_what, token, said) => {
      await stage().useToken(token);
      for (const run of [stage().fleet.stack.preview(), stage().fleet.stack.up()]) {
        const output = await refused(run);
        expect(output).toContain(
          `Cloudflare refuses the token olympus:cloudflareApiToken for zone example.com: ${said}.`,
        );
        expect(output).not.toContain(token);
      }
      expect(await containers(stage())).toBe("");
      await stage().useToken(tokens.editor);
    });

    test("a zone that the token may not see", async () => {
      await stage().configure({ zoneId: "0".repeat(32) });
      expect(await refused(stage().fleet.stack.up())).toContain(
        "Authentication error (10000). Check olympus:dns.zoneId",
      );
      await stage().configure({});
      expect(await containers(stage())).toBe("");
    });

    test("a record that somebody has made by hand, in the same place or only of the same name", async () => {
      const { id } = stage().zone.create({ ...wildcard, content: "198.51.100.1" });
      const calls = await stage().calls(async () => {
        for (const run of [stage().fleet.stack.preview(), stage().fleet.stack.up()]) {
          expect(await refused(run)).toContain(
            "*.id.example.com: the zone has A 198.51.100.1, and this stack has not made it. Delete it at Cloudflare, or " +
              "take it over as docs/dns-tls.md says.",
          );
        }
      });
      expect(new Set(calls)).toEqual(new Set(["GET 200"]));
      expect(await containers(stage())).toBe("");
      stage().zone.delete(id);
    });
  });
}
