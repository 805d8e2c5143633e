import { describe, expect, test } from "vitest";
import { changed, closed, host, postgresOf, quiet, said, without, writtenOver } from "./recorded.ts";

/** Another host, network or Postgres for a tenant that has data, held against what the stack's state has. */

const bigcorp = "  bigcorp: { host: local }\n";
const refused = (...lines: readonly string[]) => ["Refused, and nothing was touched:", ...lines].join("\n");

describe("another host", () => {
  const edit = { tenants: `  acme: { host: eu-2 }\n${bigcorp}` };
  const words = (field: string, remedy = "Write host: local.") =>
    refused(
      `tenants.yaml:${field}: eu-2 is another host, and the tenant's data is on local: it does not move, and the tenant would begin empty on eu-2. ${remedy} No command moves data to another host yet.`,
    );

  test("is refused, protected or not, whether hosts answer or not", () => {
    const message = { refused: words("3:11  tenants.acme.host"), told: [] };
    expect(said(edit)).toEqual(message);
    expect(said({ ...edit, config: { protectData: false } })).toEqual(message);
    const facts = new Map([
      ["local", host({}, ["acme"])],
      ["eu-2", host({}, [])],
    ]);
    expect(said({ ...edit, facts })).toEqual(message);
    // After a refresh that missed the volume: the tenant has lived all the same.
    expect(said({ ...edit, state: without(/^acme-postgres$/) })).toEqual(message);
  });

  test("that takes the place of the old one is refused for all of its tenants in one line", () => {
    const hosts = { "eu-2": { address: "unix:///run/eu-2/docker.sock", memory: "16GiB" } };
    expect(said({ tenants: "  acme: {}\n  bigcorp: {}\n", config: { hosts } }).refused).toBe(
      words(
        "3:3  tenants.acme.host",
        "Write host: local, and the host local into olympus:hosts again.",
      ).concat(" The same of bigcorp."),
    );
  });

  test("is refused for a tenant that is suspended, too", () => {
    const message = { refused: words("3:11  tenants.acme.host"), told: [] };
    expect(said({ ...edit, state: closed("acme") })).toEqual(message);
    const suspended = { tenants: `  acme: { host: eu-2, state: suspended }\n${bigcorp}` };
    expect(said({ ...suspended, state: closed("acme") })).toEqual(message);
    // After a refresh that missed the volume.
    const missed = closed("acme").filter(({ name }) => name !== "acme-postgres");
    expect(said({ ...edit, state: missed })).toEqual(message);
  });

  test("means nothing to a tenant of which nothing was made", () => {
    expect(said({ ...edit, state: without(/^acme-(?!root-key|database-password)/) })).toEqual(quiet);
    expect(said({ tenants: `${bigcorp}  newcorp: { host: eu-2 }\n  acme: { host: local }\n` })).toEqual(
      quiet,
    );
  });

  test("where the state cannot say whose the scripts were, hosts do", () => {
    const state = changed("local-reach", /Command$/, { environment: { DOCKER_HOST: "unix:///other" } });
    expect(said({ ...edit, state })).toEqual(quiet);
    const facts = new Map([
      ["local", host({}, ["acme"])],
      ["eu-2", host({}, [])],
    ]);
    expect(said({ ...edit, state, facts }).refused).toBe(words("3:11  tenants.acme.host"));
  });

  test("of a host over SSH the scripts say whose they were, whatever its address is now", () => {
    const state = without(/-reach$/).map((one) =>
      /^acme-(gate-|vhost)/.test(one.name)
        ? { ...one, outputs: { ...one.outputs, environment: { OLYMPUS_HOST: "local", OLYMPUS_SSH: "x" } } }
        : one,
    );
    expect(said({ ...edit, state }).refused).toBe(words("3:11  tenants.acme.host"));
    expect(said({ tenants: `  acme: { host: local }\n${bigcorp}`, state })).toEqual(quiet);
  });
});

describe("another network", () => {
  const replaced = "every container of the tenant replaced, about 20 s down";

  test("is told, with the line that leaves it as it is", () => {
    const network = "10.128.0.16/28";
    expect(said({ tenants: `  acme: { host: local, network: ${network} }\n${bigcorp}` })).toEqual({
      refused: undefined,
      told: [
        `tenants.yaml:3:24  tenants.acme.network: 10.175.53.64/28 → ${network}: ${replaced}. Write network: 10.175.53.64/28 to leave it as it is.`,
      ],
    });
    // The line is gone that somebody had written.
    const ipamConfigs = [{ subnet: network, gateway: "10.128.0.17" }];
    const state = changed("acme-internal", /Network$/, { ipamConfigs });
    expect(said({ tenants: `  acme: { host: local }\n${bigcorp}`, state }).told).toEqual([
      `tenants.yaml:3:3  tenants.acme.network: ${network} → 10.175.53.64/28: ${replaced}. Write network: ${network} to leave it as it is.`,
    ]);
  });

  test("another pool is told once for its host", () => {
    const local = { address: "unix:///var/run/docker.sock", memory: "16GiB", networkPool: "10.64.0.0/16" };
    expect(said({ tenants: "  acme: {}\n  bigcorp: {}\n", config: { hosts: { local } } })).toEqual({
      refused: undefined,
      told: [
        `Pulumi.prod.yaml:3:85  olympus:hosts.local.networkPool: 10.64.0.0/16 gives other networks to acme, bigcorp: every container of each is replaced, about 20 s down. Write the pool of before to leave them as they are.`,
      ],
    });
  });
});

describe("another Postgres", () => {
  const of = (release: string) => ({ tenants: `  acme: { host: local, release: "${release}" }\n${bigcorp}` });
  const cannotRead = (release: string, to: number) =>
    `${release} has Postgres ${to}, and the tenant's volume was written by Postgres 18, which ${to} cannot read. Name a release with Postgres 18; its data moves by dump and restore only (docs/operate.md, Another Postgres).`;
  const facts = (id: string) => new Map([["local", host({ acme: id }, ["acme"])]]);
  const open = {
    refused: undefined,
    told: [
      "tenants.yaml:3:3  tenants.acme: it is not known whether the new Postgres image can use the volume of acme, made under another image. Postgres looks by itself, and where it cannot, it does not start and changes nothing (docs/operate.md, Another Postgres).",
    ],
  };

  test("of a major version that is raised or lowered is refused", () => {
    const at = "tenants.yaml:3:24  tenants.acme.release: ";
    expect(said(of("19"))).toEqual({ refused: refused(`${at}${cannotRead("19", 19)}`), told: [] });
    expect(said({ ...of("17"), config: { protectData: false } })).toEqual({
      refused: refused(`${at}${cannotRead("17", 17)}`),
      told: [],
    });
    expect(said({ ...of("19"), facts: facts(postgresOf("acme")) }).refused).toBe(
      refused(`${at}${cannotRead("19", 19)}`),
    );
  });

  test("for all tenants is refused in one line, at the line that says it", () => {
    const defaults = '{ release: "19", mail: none }';
    expect(said({ tenants: "  acme: { host: local }\n  bigcorp: { host: local }\n", defaults }).refused).toBe(
      refused(`tenants.yaml:1:13  defaults.release: ${cannotRead("19", 19)} The same of bigcorp.`),
    );
  });

  test("of another C library is refused, and a minor version of the same says nothing", () => {
    expect(said(of("alpine")).refused).toBe(
      refused(
        "tenants.yaml:3:24  tenants.acme.release: the Postgres of alpine is built on alpine (musl), and the tenant's volume was made under trixie (glibc 2.41). Each C library sorts text in an order of its own, and the volume's indexes are in that order: under another one, rows that are there are not found, and are written twice. Name a release whose Postgres is built on trixie; its data moves by dump and restore only (docs/operate.md, Another Postgres).",
      ),
    );
    expect(said(of("minor"))).toEqual(quiet);
  });

  test("of which nobody has said enough is told, and left to Postgres", () => {
    expect(said(of("closed"))).toEqual(open);
    // The release was written over: nothing says any more what the old image was built on, and its major is the container's.
    const image = "registry.test/postgres:18.2-bookworm";
    const edit = {
      tenants: `  acme: { host: local }\n${bigcorp}`,
      releases: writtenOver(18, "bookworm", image),
    };
    expect(said(edit).told).toEqual([
      "tenants.yaml:2:1  tenants: it is not known whether the new Postgres image can use the volume of acme, bigcorp, made under another image. Postgres looks by itself, and where it cannot, it does not start and changes nothing (docs/operate.md, Another Postgres).",
    ]);
    const major = { ...edit, releases: writtenOver(19, "trixie", "registry.test/postgres:19.1-trixie") };
    expect(said(major).refused).toBe(
      refused(`tenants.yaml:1:13  defaults.release: ${cannotRead("2026.11", 19)} The same of bigcorp.`),
    );
  });

  test("of a state from before Postgres looked by itself: what is known counts, what is not is refused", () => {
    const state = changed("acme-postgres", /Container$/, { entrypoints: ["docker-entrypoint.sh"] });
    expect(said({ tenants: `  acme: { host: local }\n${bigcorp}`, state })).toEqual(quiet);
    expect(said({ ...of("minor"), state })).toEqual(quiet);
    expect(said({ ...of("19"), state }).refused).toBe(
      refused(`tenants.yaml:3:24  tenants.acme.release: ${cannotRead("19", 19)}`),
    );
    expect(said({ ...of("closed"), state })).toEqual({
      refused: refused(
        "tenants.yaml:3:24  tenants.acme.release: the tenant's volume is of a version of this program that did not write down its C library, and nobody has said whether the new Postgres image has the same. Write the release of before, pulumi up, which writes it down, and then this edit: Postgres then compares by itself.",
      ),
      told: [],
    });
  });

  test("a run in which Postgres refused the volume does not have its way back refused", () => {
    const state = changed("acme-postgres", /Container$/, {
      id: "of-the-failed-run",
      image: "registry.test/postgres:19.1-trixie",
      entrypoints: ["/bin/sh", "-ec", "volume=/var/lib/postgresql major=19", "sh"],
    });
    const back = { tenants: `  acme: { host: local }\n${bigcorp}`, state };
    expect(said(back)).toEqual(open);
    expect(said({ ...back, facts: facts("of-the-failed-run") })).toEqual(open);
    // Nor is it said again of the image that has failed: Postgres has said it.
    expect(said({ ...of("19"), state })).toEqual(quiet);
  });

  test("a state that is older than what the host runs says nothing of the volume", () => {
    expect(said({ ...of("19"), facts: facts("of-a-later-run") })).toEqual(open);
  });

  test("a volume that was made anew for a dump takes any Postgres", () => {
    // docs/operate.md: container and volume are removed, and up --refresh has found that.
    expect(said({ ...of("19"), state: without(/^acme-postgres$/) })).toEqual(quiet);
  });

  test("what all of it says is one message", () => {
    const tenants = '  acme: { host: eu-2, release: "19" }\n';
    expect(said({ tenants }).refused?.split("\n")).toEqual([
      "Refused, and nothing was touched:",
      expect.stringContaining("tenants: bigcorp is no longer in the file"),
      expect.stringContaining("tenants.acme.host: eu-2 is another host"),
      expect.stringContaining("tenants.acme.release: 19 has Postgres 19"),
      expect.stringContaining("To remove a tenant with its data"),
      expect.stringContaining("then take out what goes"),
    ]);
  });
});
