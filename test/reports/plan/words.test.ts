import { describe, expect, test } from "vitest";
import { fleetChanges, worstOf } from "../../../reports/plan/fleetChanges.ts";
import { edited, lines, oneHost, planned } from "./edits.ts";

/** The words that a reviewer reads, edit by edit. */

const words = (before: string, after: string) => lines(edited([`acme: ${before}`], [`acme: ${after}`]));

test("identical files change nothing", () => {
  expect(
    lines(edited(["acme: {}", "bigcorp: { size: large }"], ["acme: {}", "bigcorp: { size: large }"])),
  ).toEqual([]);
});

test("a default that is written out changes nothing", () => {
  expect(words("{}", "{ size: small, ring: stable, secrets: { generation: 1 } }")).toEqual([]);
});

test("an edit of one tenant names nobody else", () => {
  const { tenants } = edited(
    ["acme: {}", "bigcorp: {}"],
    ["acme: {}", "bigcorp: { size: { kratos: 192MiB } }"],
  );
  expect(tenants.map(({ tenant }) => tenant)).toEqual(["bigcorp"]);
});

describe("in place", () => {
  test("more memory for Kratos", () => {
    expect(words("{}", "{ size: { kratos: 192MiB } }")).toEqual([
      "acme in-place: memory limit of kratos 96MiB → 192MiB, in place, no restart",
      "acme none: memory reserved for kratos 52MiB → 64MiB, nothing on the host changes",
    ]);
  });

  test("the admin site opens", () => {
    expect(words("{}", "{ admin: { allow: [198.51.100.0/24] } }")).toEqual([
      "acme in-place: admin site opens for +198.51.100.0/24, site file swapped, no connection drops",
      "acme in-place: admin record A <address of host local> is new, to be made by hand",
    ]);
  });

  test("and closes", () => {
    expect(words("{ admin: { allow: [198.51.100.0/24] } }", "{ admin: { allow: [] } }")).toEqual([
      "acme in-place: admin site opens for nobody any more, site file swapped, no connection drops",
      "acme in-place: admin record A <address of host local> is gone, to be removed by hand",
    ]);
  });

  test("another ring", () => {
    expect(words("{}", "{ ring: canary }")).toEqual([
      "acme none: ring stable → canary, upgraded with that ring from now on",
    ]);
  });

  test("another administrator", () => {
    expect(words("{}", "{ admin: { email: ops@acme.com } }")).toEqual([
      "acme in-place: administrator and OAuth2 clients: administrator.email admin@acme.id.example.com → ops@acme.com, " +
        "administrator.password <athena/administrator/admin@acme.id.example.com/1> → <athena/administrator/ops@acme.com/1>, " +
        "the step runs again, services stay up",
      "acme in-place: first administrator admin@acme.id.example.com → ops@acme.com, another one is made, the first one stays",
    ]);
  });
});

describe("states", () => {
  const suspended =
    "acme interrupts: state active → suspended; its names answer 503, closed for the time being, nobody signs in there until it " +
    "is active again: its services stop and their containers are removed; volume, root key, DNS records and certificates stay";

  test("suspended", () => expect(words("{}", "{ state: suspended }")).toEqual([suspended]));

  test("and back", () => {
    expect(words("{ state: suspended }", "{}")).toEqual([
      "acme in-place: state suspended → active; its names lead to it again, its services start on the data that was kept, " +
        "in about 20 s, and sessions and tokens of before are good",
    ]);
  });

  test("retired, at once or after a suspension", () => {
    expect(words("{}", "{ state: retired }")).toEqual([
      "acme interrupts: state active → retired; its names answer 410, closed for good, nobody signs in there any more: its " +
        "services stop and their containers are removed; volume, root key, DNS records and certificates stay, and no edit deletes the data",
    ]);
    expect(words("{ state: suspended }", "{ state: retired }")).toEqual([
      "acme in-place: state suspended → retired; its names answer 410, closed for good, nothing else of it changes",
    ]);
  });

  test("purged, on its day", () => {
    const purge = '{ state: retired, purge: "acme 2026-11-28" }';
    expect(words("{ state: retired }", purge)).toEqual([
      "acme destroys: purge on 2026-11-28, its volume, root key and DNS records: the first `pulumi up` on 2026-11-28 lifts " +
        "their protection, the second DELETES them; on any other day it is refused",
      "acme in-place: login record A <address of host local> is gone; API record A <address of host local> is gone, to be removed by hand",
    ]);
    expect(words(purge, '{ state: retired, purge: "acme 2026-11-29" }')).toEqual([]);
    expect(edited(["acme: {}"], [`acme: ${purge}`]).refusals).toEqual([
      "tenants.acme.purge: acme runs, and only what was retired before can be purged. Remove this line, pulumi up, and write it again after that.",
    ]);
  });

  test("what is edited while nothing runs is for later, and is met when it comes back", () => {
    const later = "nothing of it runs: for when it is active again";
    expect(words("{ state: suspended }", "{ state: suspended, release: next, size: large }")).toEqual([
      `acme none: release 2026.11 → next; size changes; images change, ${later}`,
    ]);
    expect(words("{}", "{ state: suspended, release: next }")).toEqual([
      suspended,
      `acme none: release 2026.11 → next, ${later}`,
    ]);
    expect(words("{ state: suspended }", "{ release: next }")[1]).toBe(
      "acme in-place: release 2026.11 → next; images change, it starts with that",
    );
  });

  test("what the database holds counts as ever: it is there", () => {
    const [first] = words("{ state: suspended, release: next }", '{ state: suspended, release: "2026.11" }');
    expect(first).toContain("version of kratos v26.2.1 → v26.2.0; version of hydra v26.2.1 → v26.2.0, older");
  });

  test("another major version of Postgres is refused as ever: the volume is there", () => {
    const { refusals } = edited(
      ["acme: { state: suspended }"],
      ["acme: { state: suspended, release: older }"],
    );
    expect(refusals).toHaveLength(1);
  });

  test("one that begins closed", () => {
    expect(lines(edited([], ["acme: { state: suspended }"]))[0]).toBe(
      "acme in-place: new on local: ring stable, release 2026.11, 4MiB reserved, made suspended: nothing of it runs, its names answer 503, closed for the time being",
    );
  });

  test("several at once are one group of lines, and machines get each part", () => {
    const { tenants } = edited(["acme: {}"], ["acme: { state: suspended }"]);
    const properties = tenants.flatMap(({ changes }) => changes.flatMap(({ differences }) => differences));
    expect(properties.map(({ property }) => property)).toEqual(
      expect.arrayContaining(["state", "workloads.postgres", "gates.ready", "site.status"]),
    );
  });
});

describe("interrupts", () => {
  test("an image of its own: migrations, then the container", () => {
    expect(words("{}", "{ images: { hydra: 'docker.io/oryd/hydra:v26.2.1' } }")).toEqual([
      "acme in-place: image of hydra-migrate v26.2.0 → v26.2.1, migrations run; a migrated database does not go back with the image",
      "acme interrupts: image of hydra v26.2.0 → v26.2.1, container replaced, about 5 s without tokens",
      "acme in-place: images of its own +docker.io/oryd/hydra:v26.2.1, the host pulls what is new",
    ]);
  });

  test("a release's name is on every container", () => {
    expect(words("{}", "{ release: next }")).toEqual([
      "acme interrupts: release 2026.11 → next, every container of the tenant replaced, about 20 s down",
      "acme in-place: image of kratos-migrate v26.2.0 → v26.2.1, migrations run; a migrated database does not go back with the image",
      "acme in-place: image of hydra-migrate v26.2.0 → v26.2.1, migrations run; a migrated database does not go back with the image",
      "acme interrupts: image of kratos v26.2.0 → v26.2.1, replaced with the others",
      "acme interrupts: image of hydra v26.2.0 → v26.2.1, replaced with the others",
    ]);
  });

  test("more memory for Postgres, whose settings follow", () => {
    expect(words("{}", "{ size: { postgres: 240MiB } }")).toEqual([
      "acme interrupts: command of postgres shared_buffers 16MB → 20MB max_connections 30 → 34; " +
        "memory limit of postgres 192MiB → 240MiB, container replaced, about 10 s without sign-ins and tokens",
      "acme in-place: database connection of kratos-migrate …max_conns=5… → …max_conns=6…, migrations of kratos run again",
      "acme in-place: database connection of hydra-migrate …max_conns=5… → …max_conns=6…, migrations of hydra run again",
      "acme interrupts: database connection of kratos …max_conns=5… → …max_conns=6…, container replaced, about 5 s without sign-ins",
      "acme interrupts: database connection of hydra …max_conns=5… → …max_conns=6…, container replaced, about 5 s without tokens",
      "acme none: memory reserved for postgres 54MiB → 60MiB, nothing on the host changes",
    ]);
  });

  test("a custom domain that goes", () => {
    const found = words("{ domains: [login.acme.com] }", "{}");
    expect(found).toContain(
      "acme interrupts: login site answers for −login.acme.com, who uses what is gone is refused from then on",
    );
  });

  test("sign-in moves to a custom domain", () => {
    const found = words(
      "{ domains: [login.acme.com] }",
      "{ domains: [login.acme.com], login: login.acme.com }",
    );
    const move = "https://acme.id.example.com → https://login.acme.com";
    expect(found).toEqual([
      `acme interrupts: pages of the login UI in kratos ${move}; name in authenticator apps of kratos acme.id.example.com → ` +
        "login.acme.com, container replaced, about 5 s without sign-ins",
      `acme interrupts: pages of the login UI in hydra ${move}, container replaced, about 5 s without tokens`,
      `acme interrupts: login address ${move}, applications send people there from then on, so the name must lead to the ` +
        "tenant before; the other address stays, who is signed in at one is not at the other; issuer and tokens stay",
    ]);
  });

  test("another network", () => {
    const [first, ...others] = words("{ network: 10.128.4.16/28 }", "{ network: 10.128.4.32/28 }");
    expect(first).toMatch(
      /^acme interrupts: subnet of the internal network 10\.128\.4\.16\/28 → 10\.128\.4\.32\/28; subnet of the egress network 10\.192\.4\.16\/28 → 10\.192\.4\.32\/28; \d+ addresses follow, every container of the tenant replaced, about 20 s down$/,
    );
    expect(others).toHaveLength(1);
  });

  test("new secrets: labels, never values", () => {
    const found = words("{}", "{ secrets: { generation: 2 } }");
    expect(found[0]).toBe(
      "acme interrupts: secrets generation 1 → 2, new secrets in front of the old ones, and new passwords for the database; " +
        "administrators sign in again, and nobody else",
    );
    expect(found).toContain(
      "acme interrupts: database connection of hydra …hydra_a:<postgres/hydra/1>@postgres:5432… → " +
        "…hydra_b:<postgres/hydra/2>@postgres:5432…; system secrets of hydra +<hydra/system/2>; cookie secrets of hydra +<hydra/cookie/2>; " +
        "pagination secrets of hydra +<hydra/pagination/2>, container replaced, about 5 s without tokens",
    );
  });

  test("a schema that people may have", () => {
    const schema = (id: string) => `{ schemas: { ${id}: schemas/staff.json } }`;
    const told =
      "acme interrupts: identity schema staff removed, while somebody has it, they cannot sign in and the admin UI lists nobody: " +
      "give them another schema before";
    expect(words(schema("staff"), "{}")).toContain(told);
    // A new name is another schema.
    expect(words(schema("staff"), schema("crew"))).toContain(told);
    expect(words("{}", schema("staff")).join()).not.toContain("removed");
  });

  test("an older Kratos on a database that a newer one has migrated", () => {
    const [first] = words("{ release: next }", '{ release: "2026.11" }');
    expect(first).toBe(
      "acme interrupts: version of kratos v26.2.1 → v26.2.0; version of hydra v26.2.1 → v26.2.0, older, and the database stays as " +
        "the newer one has migrated it: the older may not start on it, and a dump of before is the way back",
    );
    expect(words('{ release: "2026.11" }', "{ release: next }").join()).not.toContain("older");
    // By number, not by letter.
    const image = (tag: string) => `{ images: { kratos: docker.io/oryd/kratos:${tag} } }`;
    expect(words(image("v26.10.0"), image("v26.9.0"))[0]).toContain(
      "version of kratos v26.10.0 → v26.9.0, older",
    );
    expect(words(image("v26.9.0"), image("v26.10.0")).join()).not.toContain("older");
  });

  test("secrets of before: what was encrypted since is lost", () => {
    const [first] = words("{ secrets: { generation: 3 } }", "{ secrets: { generation: 2 } }");
    expect(first).toBe(
      "acme destroys: secrets generation 3 → 2, refused by `pulumi up`: what Kratos and Hydra have encrypted and signed with " +
        "newer secrets could not be read any more; leave it at 3",
    );
  });

  test("secrets that are no longer read", () => {
    const [first] = words("{ secrets: { generation: 2 } }", "{ secrets: { generation: 2, oldest: 2 } }");
    expect(first).toBe(
      "acme interrupts: oldest secrets 1 → 2, what only secrets older than generation 2 can read ends: refresh tokens, which " +
        "live 30 days, and remembered sign-ins; applications and people sign in again. Refused before anything stops while " +
        "Hydra has signing keys that are older",
    );
    expect(words("{ secrets: { generation: 2, oldest: 2 } }", "{ secrets: { generation: 2 } }")[0]).toBe(
      "acme interrupts: oldest secrets 2 → 1, what was made with the older ones can be read again",
    );
  });

  test("another domain of the stack", () => {
    const changes = edited(["acme: {}"], ["acme: {}"], {
      after: { ...oneHost, domain: "login.example.com" },
    });
    expect(lines(changes)).toContain(
      "stack interrupts: domain id.example.com → login.example.com, every tenant has other addresses and another issuer; DNS must be there first",
    );
    expect(lines(changes).join("\n")).toContain(
      "acme interrupts: login address https://acme.id.example.com → https://acme.login.example.com",
    );
  });
});

describe("destroys", () => {
  test("a tenant that is gone, while data is protected", () => {
    expect(lines(edited(["acme: {}", "bigcorp: {}"], ["acme: {}"]))).toEqual([
      "bigcorp destroys: removed, refused by `pulumi up` while protectData is on, before anything of it stops",
    ]);
  });

  test("a tenant that gets another name, while data is protected: both lines say so", () => {
    expect(lines(edited(["acme: {}", "bigcorp: {}"], ["acme: {}", "newcorp: {}"])).slice(0, 2)).toEqual([
      "bigcorp destroys: removed, refused by `pulumi up` while protectData is on, before anything of it stops",
      expect.stringMatching(
        /^newcorp in-place: new on .*, not made while bigcorp is removed: a name cannot be changed, and under a new one a tenant begins empty$/,
      ),
    ]);
  });

  test("and while it is not: what counts is the protection of the run before", () => {
    const before = { ...oneHost, protectData: false };
    expect(lines(edited(["acme: {}", "bigcorp: {}"], ["acme: {}"], { before }))).toEqual([
      "stack in-place: protectData false → true, no edit deletes data from then on",
      "bigcorp destroys: removed, its data and root key are DELETED: protectData is off",
      "bigcorp in-place: login record A <address of host local> is gone; API record A <address of host local> is gone, to be removed by hand",
    ]);
  });

  test("more at once than the stack lets go, without protection", () => {
    const before = { ...oneHost, protectData: false };
    const found = lines(edited(["acme: {}", "bigcorp: {}"], ["newcorp: {}"], { before, after: before }));
    expect(found).toEqual(
      expect.arrayContaining([
        "acme destroys: removed, refused by `pulumi up`: 2 of 2 tenants at once, and removeAtOnce is 20%",
        "bigcorp destroys: removed, refused by `pulumi up`: 2 of 2 tenants at once, and removeAtOnce is 20%",
      ]),
    );
  });

  test("protection that goes", () => {
    const changes = edited(["acme: {}"], ["acme: {}"], { after: { ...oneHost, protectData: false } });
    expect(lines(changes)).toEqual([
      "stack destroys: protectData true → false, from then on removing a tenant deletes its data and root key",
    ]);
    expect(worstOf(changes)).toBe("destroys");
  });

  test("another major version of Postgres is refused", () => {
    const changes = edited(["acme: {}"], ["acme: { release: older }"]);
    expect(changes.refusals).toEqual([
      "tenants.acme.release: older has Postgres 17, and the tenant's volume was written by Postgres 18, which 17 cannot " +
        "read. Name a release with Postgres 18; its data moves by dump and restore only (docs/operate.md, Another Postgres).",
    ]);
    expect(lines(changes)).toContain(
      "acme destroys: Postgres 18 → 17, refused: Postgres 17 cannot read the volume",
    );
  });

  const onAlpine = "acme: { images: { postgres: docker.io/library/postgres:18.2-alpine3.23 } }";
  const why =
    "Each C library sorts text in an order of its own, and the volume's indexes are in that order: under another one, rows that are " +
    "there are not found, and are written twice.";
  const way = "its data moves by dump and restore only (docs/operate.md, Another Postgres).";

  test("a Postgres under another C library is refused, in another release", () => {
    const changes = edited(["acme: {}"], ["acme: { release: otherBase }"]);
    expect(changes.refusals).toEqual([
      "tenants.acme.release: the Postgres of otherBase is built on bookworm (glibc 2.36), and the tenant's volume was made under " +
        `trixie (glibc 2.41). ${why} Name a release whose Postgres is built on trixie; ${way}`,
    ]);
    expect(lines(changes)).toContain(
      "acme destroys: Postgres's system trixie → bookworm, refused: its C library sorts text otherwise",
    );
    expect(worstOf(changes)).toBe("destroys");
  });

  test("and as a tenant's own image", () => {
    const changes = edited(["acme: {}"], [onAlpine]);
    expect(changes.refusals).toEqual([
      "tenants.acme.images.postgres: the image is built on alpine (musl), and the tenant's volume was made under trixie (glibc 2.41). " +
        `${why} Name an image built on trixie; ${way}`,
    ]);
  });

  test("a newer version on the same system is not, nor a newer Alpine: both are musl", () => {
    const image = (tag: string) => `acme: { images: { postgres: "docker.io/library/postgres:${tag}" } }`;
    expect(edited([image("18.1-trixie")], [image("18.2-trixie")]).refusals).toEqual([]);
    expect(edited([onAlpine], [image("18.3-alpine3.24")]).refusals).toEqual([]);
  });

  test("where nobody knows, the plan says what would happen", () => {
    const changes = edited(["acme: {}"], [onAlpine.replace("-alpine3.23", "")]);
    expect(changes.refusals).toEqual([]);
    expect(lines(changes)).toContain(
      "acme interrupts: Postgres's system trixie → unknown, if its C library is another one, Postgres refuses to start and " +
        "changes nothing: write postgresBase in releases.yaml to know before",
    );
  });

  const two = {
    ...oneHost,
    hosts: {
      "eu-1": { ...oneHost.hosts.local, publicAddress: ["203.0.113.1"] },
      "eu-2": { ...oneHost.hosts.local, address: "unix:///run/eu-2.sock", publicAddress: ["203.0.113.2"] },
    },
    elsewhere: ["us-1"],
  };
  const moved = (from: string, to: string) =>
    lines(edited([`acme: { host: ${from} }`], [`acme: { host: ${to} }`], { before: two, after: two }));

  test("another host", () => {
    expect(moved("eu-1", "eu-2")).toEqual([
      "acme destroys: host eu-1 → eu-2, refused by `pulumi up`: its data stays on eu-1, and no command moves it yet",
      "acme interrupts: login record A 203.0.113.1 → 203.0.113.2; API record A 203.0.113.1 → 203.0.113.2, to be changed by hand; resolvers keep the old answer",
    ]);
  });

  test("a host of another stack, and back", () => {
    expect(moved("eu-1", "us-1")).toEqual([
      "acme destroys: host eu-1 → us-1 of another stack, removed here, refused by `pulumi up` while protectData is on, before anything of it stops",
    ]);
    expect(moved("us-1", "eu-1")).toEqual([
      "acme destroys: host us-1 of another stack → eu-1, data does not move: the tenant would start empty on eu-1",
    ]);
  });
});

describe("the stack's own", () => {
  const host = (change: object) => ({ ...oneHost, hosts: { local: { ...oneHost.hosts.local, ...change } } });
  const change = (change: object) => lines(edited(["acme: {}"], ["acme: {}"], { after: host(change) }));

  test.each([
    [
      { memory: "32GiB" },
      "stack none: memory of host local 16GiB → 32GiB, what fits is counted again, nothing on the host changes",
    ],
    [
      { address: "unix:///run/other.sock" },
      "stack destroys: engine of host local unix:///var/run/docker.sock → unix:///run/other.sock, another machine: nothing moves there, and what runs on the old one is left behind",
    ],
    [
      { healthInterval: 30 },
      "stack interrupts: health interval of host local 20 → 30, every container of the host is replaced, about 20 s down per tenant",
    ],
    [
      { inputRule: "report" },
      "stack in-place: input rule of host local require → report, the firewall's gate is passed again",
    ],
  ])("%o", (edit, line) => {
    expect(change(edit)).toEqual([line]);
  });

  test("a stack that is new", () => {
    expect(lines(fleetChanges(undefined, planned(["acme: {}"]), new Date(0)))).toEqual([
      "stack in-place: stack prod is new, its hosts get Caddy and the firewall",
      "acme in-place: new on local: ring stable, release 2026.11, 503MiB reserved, made in about 20 s, touches nobody else",
      "acme in-place: login record A <address of host local> is new; API record A <address of host local> is new, to be made by hand",
    ]);
  });
});

test("a new tenant", () => {
  expect(lines(edited(["acme: {}"], ["acme: {}", "newcorp: { ring: canary }"]))).toEqual([
    "newcorp in-place: new on local: ring canary, release 2026.11, 503MiB reserved, made in about 20 s, touches nobody else",
    "newcorp in-place: login record A <address of host local> is new; API record A <address of host local> is new, to be made by hand",
  ]);
});

describe("a host over SSH", () => {
  const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
  const other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
  const at = (address: string, key = hostKey) => ({
    ...oneHost,
    hosts: { local: { ...oneHost.hosts.local, address, hostKey: key } },
  });
  const effects = (address: string, key?: string) =>
    edited(["acme: {}"], ["acme: {}"], {
      before: at("ssh://root@203.0.113.7"),
      after: at(address, key),
    }).stack.map(({ effect }) => effect);

  test.each(["ssh://deploy@203.0.113.7", "ssh://root@203.0.113.7:2222", "ssh://root@eu-1.example.com"])(
    "%s is another way to the same machine",
    (address) => {
      expect(effects(address)).not.toContain("destroys");
      expect(effects(address)).toContain("in-place");
    },
  );

  test("another key is another machine, whatever its address", () => {
    expect(effects("ssh://root@203.0.113.8", other)).toContain("destroys");
  });
});
