import { availableParallelism } from "node:os";
import { beforeAll, describe, expect, test } from "vitest";
import { fleetFile, httpsPort, type TestFleet } from "../../harness/testFleet.ts";
import { Visitor } from "../../harness/visitor.ts";

/** More than four for each core, as far as a test's host has room. */
const names = Array.from(
  { length: Math.min(4 * availableParallelism() + 1, 16) },
  (_, index) => `many${index}`,
);

/** Tenants beside acme and bigcorp, all in one `up`. */
export function manyCases(fleet: () => TestFleet): void {
  describe(`${names.length} tenants more in one up`, () => {
    const answers: number[] = [];

    beforeAll(async () => {
      const visitor = await Visitor.of(fleet());
      let isUp = false;
      const watching = (async () => {
        while (!isUp) {
          const { status } = await visitor.call(`https://acme.localhost:${httpsPort}/login`);
          answers.push(status);
          await new Promise((resolve) => setTimeout(resolve, 500));
        }
      })();
      await fleet().writeTenants(
        fleetFile(Object.fromEntries(["acme", "bigcorp", ...names].map((name) => [name, {}]))),
      );
      await fleet()
        .up()
        .finally(() => {
          isUp = true;
        });
      await watching;
    });

    test("leave those that run answering", () => {
      expect(answers.length).toBeGreaterThan(10);
      expect(new Set(answers)).toEqual(new Set([200]));
    });

    test.each(names)(
      "%s: Hydra has made its two keys once, and no request for them was given up",
      async (name) => {
        const { output: log } = await fleet().tryDocker("logs", `${name}-hydra`);
        expect(log.match(/does not exist yet, generating/g)).toHaveLength(2);
        expect(log).not.toContain("context canceled");
        const visitor = await Visitor.of(fleet());
        const { status, text } = await visitor.call(
          `https://${name}-api.localhost:${httpsPort}/.well-known/jwks.json`,
        );
        expect(status).toBe(200);
        expect(JSON.parse(text).keys).toHaveLength(2);
      },
    );
  });
}
