import { describe, expect, test } from "vitest";
import { closed, quiet, recorded, said, without } from "./recorded.ts";

/** Entries that are gone, held against what the stack's state has. */

const both = "  acme: { host: local }\n  bigcorp: { host: local }\n";
const steps = `To remove a tenant with its data: write its entry back, pulumi config set olympus:protectData false, pulumi up;
then take out what goes, pulumi up, and pulumi config set olympus:protectData true, pulumi up (docs/operate.md).`;
const refused = (...lines: readonly string[]) => ({
  refused: ["Refused, and nothing was touched:", ...lines, steps].join("\n"),
  told: [],
});
const bigcorpGone =
  "tenants.yaml:2:1  tenants: bigcorp is no longer in the file, and the stack protects data (olympus:protectData). If that was a mistake, write the entry back.";

test("files as they were say nothing, nor does one more tenant, nor a stack that has made nothing yet", () => {
  expect(said({ tenants: both })).toEqual(quiet);
  expect(said({ tenants: `${both}  newcorp: { host: local }\n` })).toEqual(quiet);
  expect(said({ tenants: "  newcorp: { host: local }\n", state: [] })).toEqual(quiet);
});

describe("where data is protected", () => {
  test("an entry that is gone is refused", () => {
    expect(said({ tenants: "  acme: { host: local }\n" })).toEqual(refused(bigcorpGone));
    expect(said({ tenants: "  {}\n" })).toEqual(
      refused(
        "tenants.yaml:2:1  tenants: acme, bigcorp are no longer in the file, and the stack protects data (olympus:protectData). If that was a mistake, write the entries back.",
      ),
    );
  });

  test("an entry of a tenant that is suspended is refused as well", () => {
    expect(said({ tenants: "  acme: { host: local }\n", state: closed("bigcorp") })).toEqual(
      refused(bigcorpGone),
    );
    expect(said({ tenants: both, state: closed("bigcorp") })).toEqual(quiet);
  });

  test("another name is refused at its line, with the line that keeps the data", () => {
    const rename =
      "tenants.yaml:4:3  tenants.bigcorp2: is new, and bigcorp is gone, with the same host, images and memory: it looks like another name for it. A name cannot be changed: bigcorp2 would begin empty, and the data would stay with bigcorp. Write bigcorp: here in place of bigcorp2: to keep its data in use. Another address for its people is no other name: domains and login (docs/dns-tls.md).";
    const edit = { tenants: "  acme: { host: local }\n  bigcorp2: { host: local }\n" };
    expect(said(edit)).toEqual(refused(rename));
    // What a refresh has found to be gone, and what a first run has not come to.
    expect(said({ ...edit, state: without(/^bigcorp-(postgres|gate-.*)$/) })).toEqual(
      refused(
        "tenants.yaml:2:1  tenants: bigcorp is no longer in the file, and the stack protects data (olympus:protectData). A name cannot be changed: bigcorp2 would begin empty, and the data would stay with bigcorp. If that was a mistake, write the entry back.",
      ),
    );
  });

  test("two names at once are told by the nearest names, and one that is another tenant as well is not", () => {
    const { refused: message } = said({
      tenants: "  bigcorp-eu: { host: local }\n  acme2: { host: local }\n",
    });
    expect(message).toContain("tenants.yaml:4:3  tenants.acme2: is new, and acme is gone,");
    expect(message).toContain("tenants.yaml:3:3  tenants.bigcorp-eu: is new, and bigcorp is gone,");
    const other = (entry: string) => said({ tenants: `  acme: { host: local }\n  newcorp: ${entry}\n` });
    expect(other("{ host: eu-2 }")).toEqual(other("{ host: local, size: large }"));
    expect(other("{ host: local, size: large }")).toEqual(
      refused(
        "tenants.yaml:2:1  tenants: bigcorp is no longer in the file, and the stack protects data (olympus:protectData). A name cannot be changed: newcorp would begin empty, and the data would stay with bigcorp. If that was a mistake, write the entry back.",
      ),
    );
  });

  test("a host of another stack is refused: the data is here", () => {
    expect(
      said({
        tenants: "  acme: { host: local }\n  bigcorp:\n    host: us-1\n",
        config: { elsewhere: ["us-1"] },
      }),
    ).toEqual(
      refused(
        "tenants.yaml:5:5  tenants.bigcorp.host: us-1 is another stack's host, and the data of bigcorp is on local: it does not move. Write host: local.",
      ),
    );
  });

  test("what a first run has made and protects does not go either; what it has not come to does", () => {
    const edit = { tenants: "  acme: { host: local }\n" };
    // Killed before its volume: the root key is there, and Pulumi would stop at it.
    expect(said({ ...edit, state: without(/^bigcorp-(?!root-key)/) })).toEqual(refused(bigcorpGone));
    expect(said({ ...edit, state: without(/^bigcorp-/) })).toEqual(quiet);
  });

  test("a state that was restored has tenants of before: they are not begun again or forgotten in silence", () => {
    // As `pulumi stack export` and `import` hand it over.
    const imported = JSON.parse(JSON.stringify(recorded));
    expect(said({ tenants: "  acme: { host: local }\n", state: imported })).toEqual(refused(bigcorpGone));
    // Of before bigcorp was made: nothing is known of it, and its volume is looked at by its host's verdict.
    expect(said({ tenants: both, state: without(/^bigcorp($|-)/) })).toEqual(quiet);
  });
});

describe("where data is not protected", () => {
  const config = { protectData: false };

  test("what goes is told", () => {
    expect(said({ tenants: "  acme: { host: local }\n", config })).toEqual({
      refused: undefined,
      told: [
        "tenants.yaml:2:1  tenants: bigcorp is removed with all data. If Pulumi says of one that it is protected, write the entry back, pulumi up, and take it out again.",
      ],
    });
    expect(said({ tenants: "  acme: { host: local }\n  bigcorp2: { host: local }\n", config }).told).toEqual([
      "tenants.yaml:4:3  tenants.bigcorp2: is new, and bigcorp is gone: bigcorp is removed with all data, and bigcorp2 begins empty, since a name cannot be changed. Write bigcorp: here in place of bigcorp2: to keep its data.",
    ]);
    expect(
      said({
        tenants: "  acme: { host: local }\n  bigcorp: { host: us-1 }\n",
        config: { ...config, elsewhere: ["us-1"] },
      }).told,
    ).toEqual([
      "tenants.yaml:4:14  tenants.bigcorp.host: us-1 is another stack's host: bigcorp is removed here with all data, and nothing of it moves. Write host: local to keep it.",
    ]);
  });

  const many = (count: number) =>
    Array.from({ length: count }, (_, number) => [
      { name: `t${number}`, type: "olympus:fleet:TenantStack", outputs: {} },
      { name: `t${number}-postgres`, type: "docker:index/volume:Volume", outputs: {} },
    ]).flat();
  const rest = (from: number, count: number) =>
    Array.from({ length: count - from }, (_, number) => `  t${from + number}: { host: local }\n`).join("");
  const tooMany = (lost: string, allowed: string, percent: string, line = "1:1") =>
    `Refused, and nothing was touched:
Pulumi.prod.yaml:${line}  olympus:removeAtOnce: ${lost}, and one run may remove ${allowed} (${percent}). If that was a mistake, write the entries back. If not: pulumi config set olympus:removeAtOnce 100%, pulumi up, and then pulumi config set olympus:removeAtOnce ${percent}.`;

  test("a fifth of the fleet may go at once, one always, and more only if the stack says so", () => {
    expect(said({ tenants: rest(2, 10), state: many(10), config }).refused).toBeUndefined();
    expect(said({ tenants: rest(3, 10), state: many(10), config }).refused).toBe(
      tooMany("3 of 10 tenants would be removed with all data (t0, t1, t2)", "2", "20%"),
    );
    expect(said({ tenants: "  {}\n", config }).refused).toBe(
      tooMany("2 of 2 tenants would be removed with all data (acme, bigcorp)", "1", "20%"),
    );
    expect(said({ tenants: "  {}\n", config: { ...config, removeAtOnce: "100%" } }).refused).toBeUndefined();
    expect(
      said({ tenants: "  {}\n", state: many(10), config: { ...config, removeAtOnce: "50%" } }).refused,
    ).toBe(
      tooMany(
        "10 of 10 tenants would be removed with all data (t0, t1, t2, t3, t4 and 5 more)",
        "5",
        "50%",
        "6:3",
      ),
    );
  });
});
