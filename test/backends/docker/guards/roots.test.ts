import { describe, expect, test } from "vitest";
import type { RootRecord } from "../../../../fleet/secretsRecord.ts";
import { closed, quiet, recorded, said, without } from "./recorded.ts";

/** Root keys that tenants bring, held against those that the state remembers. */

const pulumis: RootRecord = { since: 1, fingerprint: "f0" };
const acme: RootRecord = { since: 1, key: "root-acme", fingerprint: "fa" };

/** The recorded state after a run that has given acme secrets. */
const given = (generation: number, roots: readonly RootRecord[] | undefined, state = recorded) => [
  ...state
    .map((one) =>
      one.name === "acme-gate-ready"
        ? {
            ...one,
            outputs: { ...one.outputs, stdout: `generation=${generation} since=2026-11-01T00:00:00Z\n` },
          }
        : one,
    )
    .filter(({ name, type }) => !(name === "acme" && type === "olympus:fleet:TenantStack")),
  { name: "acme", type: "olympus:fleet:TenantStack", outputs: { secrets: { generation, oldest: 1, roots } } },
];

/** What is said when acme is to have these secrets, and the stack these root keys. */
const wanting = (
  secrets: string,
  state: typeof recorded,
  roots: Readonly<Record<string, string>> = { "root-acme": "fa", "root-acme-2": "fb" },
) =>
  said({
    tenants: `  acme: { host: local${secrets && `, secrets: ${secrets}`} }\n  bigcorp: { host: local }\n`,
    state,
    roots,
  });

const refused = (line: string) => ({
  refused: `Refused, and nothing was touched:\ntenants.yaml:${line}`,
  told: [],
});
const at = "3:35  tenants.acme.secrets.root: ";
const loss = "what Kratos, Hydra and Olympus have encrypted could not be read any more";

describe("the root key of before is nothing to speak of", () => {
  test.each([
    ["Pulumi's", "", [pulumis]],
    ["the tenant's own", "{ root: acme }", [acme]],
    ["under another name", "{ root: acme-2 }", [{ ...acme, key: "root-acme-2", fingerprint: "fb" }]],
    ["Pulumi's, brought as the tenant's own", "{ root: acme }", [{ ...pulumis, fingerprint: "fa" }]],
  ] as const)("%s", (_what, secrets, roots) => {
    expect(wanting(secrets, given(1, roots))).toEqual(quiet);
  });

  test("a new one begins with a new generation", () => {
    expect(wanting('{ generation: 2, root: { "2": acme } }', given(1, [pulumis]))).toEqual(quiet);
    const own = '{ generation: 3, root: { "1": acme, "3": acme-2 } }';
    expect(wanting(own, given(2, [acme]))).toEqual(quiet);
  });

  test("and any is taken where nothing was encrypted yet, or what is there was imported", () => {
    const begun = without(/^acme-(postgres$|gate-)/, given(1, [pulumis]));
    expect(wanting("{ root: acme }", begun)).toEqual(quiet);
    const imported = recorded.filter(({ name }) => name === "acme-postgres" || name === "acme-root-key");
    expect(wanting("{ root: acme }", imported)).toEqual(quiet);
  });
});

describe("another one than secrets were made with is refused:", () => {
  test("the tenant's own in place of Pulumi's", () => {
    expect(wanting("{ root: acme }", given(1, [pulumis]))).toEqual(
      refused(
        `${at}generation 1 was made with another root key than olympus:root-acme, the one that Pulumi has made: ${loss}. Write generation: 2 and root: { "2": acme }.`,
      ),
    );
  });

  test("Pulumi's in place of the tenant's own", () => {
    expect(wanting("", given(1, [acme]))).toEqual(
      refused(
        `3:3  tenants.acme.secrets.root: generation 1 was made with olympus:root-acme, and not with the root key that Pulumi makes: ${loss}. Write root: acme.`,
      ),
    );
  });

  test("another value under the name of before", () => {
    expect(wanting("{ root: acme }", given(1, [acme]), { "root-acme": "fc" })).toEqual(
      refused(
        `${at}olympus:root-acme is another root key than the one of that name that generation 1 was made with: ${loss}. Put the key of before back; a new one goes into another stack secret, and begins with generation 2: root: { "1": acme, "2": NAME }.`,
      ),
    );
  });

  test("a generation that began with another one", () => {
    const state = given(2, [pulumis, { ...acme, since: 2 }]);
    expect(wanting('{ generation: 2, root: { "2": acme-2 } }', state)).toEqual(
      refused(
        `3:50  tenants.acme.secrets.root: generation 2 was made with another root key than olympus:root-acme-2, olympus:root-acme: ${loss}. Write generation: 3 and root: { "2": acme, "3": acme-2 }.`,
      ),
    );
  });

  test("the tenant's own in a state of before secrets were noted: its data was encrypted with Pulumi's", () => {
    expect(wanting("{ root: acme }", recorded)).toEqual(
      refused(
        `${at}olympus:root-acme is to be the root key of generation 1, and no run has noted which one that was made with. Remove root, pulumi up, and then write generation: 2 and root: { "2": acme }.`,
      ),
    );
    expect(wanting('{ generation: 2, root: { "2": acme } }', recorded)).toEqual(
      refused(
        `3:50  tenants.acme.secrets.root: olympus:root-acme is to be the root key of generation 2, and no run has noted which one that was made with. Remove root, pulumi up, and then write generation: 3 and root: { "3": acme }.`,
      ),
    );
    expect(wanting("{ generation: 2 }", recorded)).toEqual(quiet);
    expect(wanting("{ root: acme }", closed("acme"))).toMatchObject({ refused: expect.any(String) });
  });

  test("one of which nobody knows, in a state of before root keys were noted", () => {
    expect(wanting("{ root: acme }", given(1, undefined))).toEqual(
      refused(
        `${at}olympus:root-acme is to be the root key of generation 1, and no run has noted which one that was made with. Remove root, pulumi up, and then write generation: 2 and root: { "2": acme }.`,
      ),
    );
  });
});
