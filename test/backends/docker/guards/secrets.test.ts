import { describe, expect, test } from "vitest";
import { closed, quiet, recorded, said, without } from "./recorded.ts";

/** Generations of secrets, held against those that the state remembers. */

interface Had {
  readonly generation: number;
  readonly oldest?: number;
  /** What its last gate has printed. */
  readonly printed?: string;
}

/** The recorded state after a run that has noted generations of acme's secrets. */
const having = ({ generation, oldest = 1, printed = "" }: Had, state = recorded) => [
  ...state
    .map((one) =>
      one.name === "acme-gate-ready" ? { ...one, outputs: { ...one.outputs, stdout: printed } } : one,
    )
    .filter(({ name, type }) => !(name === "acme" && type === "olympus:fleet:TenantStack")),
  { name: "acme", type: "olympus:fleet:TenantStack", outputs: { secrets: { generation, oldest } } },
];

/** What is said when acme is to have these secrets. */
const wanting = (secrets: string, had: Had, state = recorded) =>
  said({
    tenants: `  acme: { host: local${secrets && `, secrets: ${secrets}`} }\n  bigcorp: { host: local }\n`,
    state: having(had, state),
  });

const refused = (line: string) => ({
  refused: `Refused, and nothing was touched:\ntenants.yaml:${line}`,
  told: [],
});
const up = (generation: number, since = "2026-11-20T02:30:00Z") =>
  `generation=${generation} since=${since}\n`;

describe("a generation that is", () => {
  test("the one of before is nothing to speak of", () => {
    expect(wanting("{ generation: 2 }", { generation: 2 })).toEqual(quiet);
    expect(wanting("", { generation: 1 })).toEqual(quiet);
  });

  test("lower is refused, written or left out, while the tenant runs and while it is suspended", () => {
    const words = (wanted: number) =>
      `${wanted} is older than 3, which the tenant has been given: what Kratos and Hydra have encrypted and signed with it could not be read any more, and Hydra could not sign. Write generation: 3.`;
    const at = "3:35  tenants.acme.secrets.generation: ";
    expect(wanting("{ generation: 2 }", { generation: 3 })).toEqual(refused(`${at}${words(2)}`));
    expect(wanting("", { generation: 3 })).toEqual(
      refused(`3:3  tenants.acme.secrets.generation: ${words(1)}`),
    );
    expect(wanting("{ generation: 2 }", { generation: 3 }, closed("acme"))).toEqual(
      refused(`${at}${words(2)}`),
    );
  });

  test("the next one is taken once the tenant has come up with the one of before, and not earlier", () => {
    expect(wanting("{ generation: 3 }", { generation: 2, printed: up(2) })).toEqual(quiet);
    const early = refused(
      "3:35  tenants.acme.secrets.generation: 3 comes before the tenant has come up with 2: services that still run with older passwords would be locked out of the database. Write generation: 2, pulumi up, and then generation: 3.",
    );
    expect(wanting("{ generation: 3 }", { generation: 2, printed: up(1) })).toEqual(early);
    expect(wanting("{ generation: 3 }", { generation: 2 })).toEqual(early);
    // A run has failed when Kratos was gone and not made again: Hydra runs on, with the passwords of 1.
    const half = without(/^acme-(kratos|hera|athena)$/);
    expect(wanting("{ generation: 3 }", { generation: 2, printed: up(1) }, half)).toEqual(early);
    // Nothing runs that could be locked out.
    expect(wanting("{ generation: 4 }", { generation: 2 }, closed("acme"))).toEqual(quiet);
  });

  test("two more is refused", () => {
    expect(wanting("{ generation: 4 }", { generation: 2, printed: up(2) })).toEqual(
      refused(
        "3:35  tenants.acme.secrets.generation: 4 leaves out 3: services that still run with the passwords of 2 could be locked out of the database. Write generation: 3, pulumi up, and then the next one.",
      ),
    );
  });

  test("any is taken from a state of before generations were noted", () => {
    const edit = (secrets: string) => ({
      tenants: `  acme: { host: local, secrets: ${secrets} }\n  bigcorp: { host: local }\n`,
    });
    expect(said(edit("{ generation: 7, oldest: 3 }"))).toEqual(quiet);
  });
});

describe("the oldest secrets that are read", () => {
  const at = "tenants.yaml:3:50  tenants.acme.secrets.oldest: ";
  const again = "applications with a refresh token and people with a remembered sign-in sign in again";

  test("told: what ends, and until when to wait for nobody to notice", () => {
    expect(wanting("{ generation: 2, oldest: 2 }", { generation: 2, printed: up(2) })).toEqual({
      refused: undefined,
      told: [
        `${at}nothing that was made before 2026-11-20T02:30Z with secrets older than 2 is read any more: ${again}. Write the oldest of before until 2026-12-20T02:30Z if nobody is to notice.`,
      ],
    });
  });

  test("told without a time where they go together with the new ones", () => {
    expect(wanting("{ generation: 2, oldest: 2 }", { generation: 1, printed: up(1) }).told).toEqual([
      `${at}generation 2 is new, and nothing older than 2 is read any more: ${again}. Write the oldest of before for 30 days if nobody is to notice.`,
    ]);
  });

  test("told of one that was closed when it comes back, and not before", () => {
    const state = having({ generation: 2 }, closed("acme"));
    const edit = (of: string) =>
      said({
        tenants: `  acme: { host: local, secrets: { generation: 2, oldest: 2 }${of} }\n  bigcorp: { host: local }\n`,
        state,
      });
    expect(edit(", state: suspended")).toEqual(quiet);
    // It has had generation 2 before, and nobody knows since when.
    expect(edit("").told).toEqual([
      `${at}nothing that was made with secrets older than 2 is read any more: ${again}. Write the oldest of before for 30 days if nobody is to notice.`,
    ]);
  });

  test("not told when a refresh token's life has passed, or when older ones come back", () => {
    const printed = up(2, "2026-10-29T12:00:00Z");
    expect(wanting("{ generation: 2, oldest: 2 }", { generation: 2, printed })).toEqual(quiet);
    expect(wanting("{ generation: 2, oldest: 1 }", { generation: 2, oldest: 2, printed })).toEqual(quiet);
  });
});
