import { describe, expect, test } from "vitest";
import { judgeSmtpUri } from "../../files/smtpUri.ts";
import { lines, releasesText, stackConfig, tenantsText } from "../fleet/fleetInput.ts";

const head = 'defaults: { release: "2026.11", mail: none }\n';

/** Tenants by name, all on eu-1 unless they say otherwise. */
function fleet(tenants: Readonly<Record<string, string>>) {
  const entries = Object.entries(tenants).map(([name, fields]) => `  ${name}: { host: eu-1${fields} }\n`);
  return lines({ tenants: `${head}tenants:\n${entries.join("")}` });
}

function many(count: number, fields: string): string {
  const entries = Array.from({ length: count }, (_, index) => `  t${index}: ${fields}\n`);
  return `${head}tenants:\n${entries.join("")}`;
}

describe("tenants against each other", () => {
  test.each<[string, Record<string, string>, ...string[]]>([
    [
      "a name made from another tenant's",
      { acme: "", "acme-api": "", "acme-kratos-x": "", "acme-apis": "" },
      'tenants.yaml:4:3  tenants.acme-api: acme-api collides with names made from tenant acme (acme-api). Write another name: behind "acme-" anything but api.',
      'tenants.yaml:5:3  tenants.acme-kratos-x: acme-kratos-x collides with names made from tenant acme (acme-kratos). Write another name: behind "acme-" anything but kratos.',
    ],
    [
      "the order does not matter",
      { "acme-admin": "", acme: "" },
      'tenants.yaml:3:3  tenants.acme-admin: acme-admin collides with names made from tenant acme (acme-admin). Write another name: behind "acme-" anything but admin.',
    ],
    ["a name that only looks derived", { "acme-api": "", other: "" }],
    [
      "one network twice",
      { acme: ", network: 10.128.0.0/28", bob: ", network: 10.128.0.0/28" },
      "tenants.yaml:4:22  tenants.bob.network: tenants acme and bob have the same network 10.128.0.0/28 on host eu-1. Write network: 10.128.0.16/28 for the newer of the two.",
    ],
    [
      "a written network where another tenant's name leads",
      { acme: "", bob: ", network: 10.175.53.64/28" },
      "tenants.yaml:3:3  tenants.acme: tenants bob and acme have the same network 10.175.53.64/28 on host eu-1. Write network: 10.175.53.80/28 for the newer of the two.",
    ],
    [
      "one domain twice",
      { acme: ", domains: [login.acme.com]", bob: ", domains: [login.acme.com]" },
      "tenants.yaml:4:32  tenants.bob.domains[0]: login.acme.com is tenant acme's too. Write it in one of the two tenants.",
    ],
    [
      "another tenant's own host name",
      { acme: "", bob: ", domains: [acme-api.id.example.com]" },
      "tenants.yaml:4:32  tenants.bob.domains[0]: acme-api.id.example.com is what tenant acme gets by its name. Write a name outside the stack's domain, or remove the line.",
    ],
  ])("%s", (_what, tenants, ...messages) => {
    expect(fleet(tenants)).toEqual(messages);
  });
});

test("a custom domain of a tenant on another stack's host is taken", () => {
  const tenants = ["a: { host: us-1, domains: [login.x.com] }", "b: { host: eu-1, domains: [login.x.com] }"];
  expect(lines({ tenants: `${head}tenants:\n  ${tenants.join("\n  ")}\n` })).toEqual([
    "tenants.yaml:4:30  tenants.b.domains[0]: login.x.com is tenant a's too. Write it in one of the two tenants.",
  ]);
});

describe("tenants against defaults, rings and hosts", () => {
  test.each<[string, string, string, ...string[]]>([
    [
      "several hosts and none written",
      "    host: eu-1\n",
      "    ring: stable\n",
      "tenants.yaml:10:3  tenants.acme.host: is missing, and with several hosts a tenant's data must have a written place (eu-1: 14GiB free, eu-2: 6547MiB free, us-1: another stack's). Write host: eu-1, for example.",
    ],
    [
      "no mail",
      "  mail: { smtp: main }\n",
      "",
      "tenants.yaml:9:3  tenants.acme.mail: is missing, and defaults has none. Write mail: none or mail: { smtp: NAME }, here or under defaults.",
    ],
    [
      "no release",
      '  release: "2026.11"\n',
      "",
      'tenants.yaml:9:3  tenants.acme.release: is missing, and defaults has none. Write release: "2026.11" here or under defaults.',
      'tenants.yaml:43:3  tenants.faraway.release: is missing, and defaults has none. Write release: "2026.11" here or under defaults.',
    ],
    [
      "a default release that does not exist",
      '  release: "2026.11"\n',
      '  release: "2026.12"\n',
      'tenants.yaml:2:3  defaults.release: "2026.12" is not a release of releases.yaml (2026.10, 2026.11). Did you mean 2026.10 or 2026.11?',
    ],
    [
      "a default ring that does not exist",
      "  ring: stable\n",
      "  ring: beta\n",
      'tenants.yaml:4:3  defaults.ring: "beta" is not one of the rings (canary, stable). Write one of these, or add it to rings, at its place in the order.',
    ],
    [
      "a host as default",
      "  size: small\n",
      "  host: eu-1\n",
      "tenants.yaml:3:3  defaults.host: a host cannot be a default: a tenant's data would move because a line elsewhere changed. Write host: in each tenant.",
    ],
    [
      "no rings",
      "[canary, stable]",
      "[]",
      "tenants.yaml:8:1  rings: the list is empty. Write rings: [canary, stable], for example.",
    ],
    [
      "one ring twice",
      "[canary, stable]",
      "[canary, stable, canary]",
      "tenants.yaml:8:25  rings[2]: stands in the list twice (also at [0]). Write it once.",
    ],
    [
      "a host of no stack",
      "host: us-1",
      "host: us-2",
      'tenants.yaml:45:5  tenants.faraway.host: "us-2" is not a host of stack prod (eu-1, eu-2; of other stacks: us-1). Did you mean us-1?',
    ],
    [
      "a mistyped top-level key",
      "rings:",
      "ring:",
      "tenants.yaml:8:1  ring: there is no such key. Did you mean rings?",
      'tenants.yaml:18:5  tenants.bigcorp.ring: "canary" is not one of the rings (stable). Write one of these, or add it to rings, at its place in the order.',
    ],
    [
      "a default limit below the measurement",
      "size: small",
      "size: { hera: 64MiB }",
      "tenants.yaml:3:11  defaults.size.hera: 64MiB is too little: at 160MiB hera was killed while pages were loaded, and it was first seen to do well at 256MiB. Write 256MiB or more.",
    ],
  ])("%s", (_what, before, after, ...messages) => {
    expect(lines({ tenants: tenantsText.replace(before, after) })).toEqual(messages);
  });
});

describe("whole files", () => {
  test.each<[string, string, ...string[]]>([
    [
      "an empty file",
      "",
      "tenants.yaml:1:1  tenants.yaml: is empty. Write tenants: { acme: {} }, for example.",
    ],
    [
      "nothing but a comment",
      "# soon\n",
      "tenants.yaml:1:1  tenants.yaml: is empty. Write tenants: { acme: {} }, for example.",
    ],
    [
      "no tenant's value",
      "tenants:",
      "tenants.yaml:1:1  tenants: is empty. Write tenants: { acme: {} }, for example.",
    ],
    [
      "a list",
      "- acme",
      "tenants.yaml:1:1  tenants.yaml: must be a map, and is a list. Write tenants: { acme: {} }, for example.",
    ],
    [
      "a word",
      "acme",
      "tenants.yaml:1:1  tenants.yaml: must be a map, and is text. Write tenants: { acme: {} }, for example.",
    ],
    [
      "two documents",
      "tenants: {}\n---\ntenants: {}\n",
      "tenants.yaml:2:1  tenants: a second document starts here (---), and the file is one document. Write everything under one set of top-level keys.",
    ],
    [
      "JSON that breaks off",
      '{"tenants": {"acme": ',
      "tenants.yaml:1:22  tenants.acme: the indentation does not fit the lines around it, or a bracket is not closed. Write two spaces per level, and close every [ and {.",
    ],
    [
      "a binary file",
      "\u0000\u0001�PNG",
      "tenants.yaml:1:1  tenants.yaml: must be a map, and is text. Write tenants: { acme: {} }, for example.",
    ],
  ])("%s", (_what, tenants, ...messages) => {
    expect(lines({ tenants })).toEqual(messages);
  });

  test("nesting that no parser survives", () => {
    // How deep that is, the stack decides.
    expect(lines({ tenants: "[".repeat(20_000) }).join("\n")).toMatch(
      /^tenants\.yaml:1:\d+ {2}[^:]+: brackets or lines are nested too deeply to be a fleet\. Write it in plain block style, as docs\/tenants\.md shows\.$/,
    );
  });

  test("problems of all files come in one run, by file and line", () => {
    const found = lines({
      tenants: "tenants: { acme: { host: eu-9 } }",
      releases: "releases: {}",
      config: { ...stackConfig, overcommit: 0 },
      stackText: "config:\n  olympus:overcommit: 0\n",
    });
    expect(found).toEqual([
      "Pulumi.prod.yaml:2:3  olympus:overcommit: 0 is outside 1 to 10. Write overcommit: 1.5, for example.",
      "releases.yaml:1:1  hostImages: is missing. Write hostImages: { caddy: ghcr.io/olympusoss/caddy:sha-0123456, firewall: docker.io/library/docker:28.0.1-dind }, for example.",
      "releases.yaml:1:1  releases: there is no release. Write one as docs/tenants.md shows.",
      "tenants.yaml:1:12  tenants.acme.mail: is missing, and defaults has none. Write mail: none or mail: { smtp: NAME }, here or under defaults.",
      'tenants.yaml:1:20  tenants.acme.host: "eu-9" is not a host of stack prod (eu-1, eu-2; of other stacks: us-1). Did you mean eu-1 or eu-2?',
    ]);
  });
});

test("a version that is none, and one that is not the tag's", () => {
  const saying = (versions: string) =>
    lines({ releases: releasesText.replace("    images:", `    versions: ${versions}\n    images:`) });
  expect(saying("{ kratos: v26, hydra: v26.2.1 }")).toEqual([
    'releases.yaml:4:17  releases["2026.10"].versions.kratos: "v26" is not a version of three numbers. Write v26.2.0, for example.',
  ]);
  expect(saying("{ hydra: v26.2.1 }")).toEqual([
    'releases.yaml:4:17  releases["2026.10"].versions.hydra: this says v26.2.1, and the image is docker.io/oryd/hydra:v26.2.0. Remove the line: the tag says v26.2.0. Or write the image by digest alone.',
  ]);
});

describe("capacity", () => {
  test("a suspended tenant leaves its room to others, and needs room to come back", () => {
    const config = {
      ...stackConfig,
      hosts: { local: { address: "unix:///run/docker.sock", memory: "2GiB" } },
      elsewhere: [],
    };
    const tenants = (state: string) => `${many(2, "{}")}  late: { state: ${state} }\n`;
    expect(lines({ tenants: tenants("suspended"), config })).toEqual([]);
    expect(lines({ tenants: tenants("active"), config })).toEqual([
      "tenants.yaml:5:3  tenants.late: does not fit on host local: its tenants need 1509MiB, and 2GiB less 1GiB reserve are 1024MiB. Write a larger olympus:hosts.local.memory when the machine has it, or a smaller size; no other host has room.",
    ]);
  });

  test("names host, numbers and the hosts with room", () => {
    expect(lines({ tenants: many(22, "{ host: eu-2 }") })).toEqual([
      "tenants.yaml:15:3  tenants.t12: does not fit on host eu-2: the limits of its tenants are 22528MiB, and 8GiB times overcommit 1.5 are 12288MiB. Write host: eu-1 (14GiB free) or a larger olympus:hosts.eu-2.memory when the machine has it, or a smaller size.",
      "tenants.yaml:17:3  tenants.t14: does not fit on host eu-2: its tenants need 11066MiB, and 8GiB less 1GiB reserve are 7168MiB. Write host: eu-1 (14GiB free) or a larger olympus:hosts.eu-2.memory when the machine has it, or a smaller size.",
    ]);
  });

  test("says so when no other host has room", () => {
    const config = {
      ...stackConfig,
      hosts: { local: { address: "unix:///run/docker.sock", memory: "2GiB" } },
      elsewhere: [],
    };
    expect(lines({ tenants: many(3, "{}"), config })).toEqual([
      "tenants.yaml:5:3  tenants.t2: does not fit on host local: its tenants need 1509MiB, and 2GiB less 1GiB reserve are 1024MiB. Write a larger olympus:hosts.local.memory when the machine has it, or a smaller size; no other host has room.",
    ]);
  });

  test("of a host that is missing, lists the free memory of each", () => {
    expect(lines({ tenants: `${many(10, "{ host: eu-2 }")}  late: {}\n` })).toEqual([
      "tenants.yaml:13:3  tenants.late.host: is missing, and with several hosts a tenant's data must have a written place (eu-1: 14GiB free, eu-2: 2138MiB free, us-1: another stack's). Write host: eu-1, for example.",
    ]);
  });
});

describe("identity schemas", () => {
  test.each([
    [
      "not JSON",
      "{ properties: {} }",
      "tenants.yaml:37:7  tenants.bigcorp.schemas.staff: schemas/staff.json is not JSON. Write JSON: double quotes around names, no comments, no comma behind the last.",
    ],
    [
      "without traits",
      '{ "properties": {} }',
      "tenants.yaml:37:7  tenants.bigcorp.schemas.staff: schemas/staff.json has no properties.traits, where Kratos looks for a person's fields. Write one, as docs/tenants.md shows.",
    ],
    [
      "a list",
      "[]",
      "tenants.yaml:37:7  tenants.bigcorp.schemas.staff: schemas/staff.json has no properties.traits, where Kratos looks for a person's fields. Write one, as docs/tenants.md shows.",
    ],
  ])("%s", (_what, text, message) => {
    expect(lines({ schemaTexts: () => text })).toEqual([message]);
  });
});

test("a mail server that only defaults name is asked for once, at defaults", () => {
  expect(lines({ secretKeys: ["smtp-bulk"] })).toEqual([
    "tenants.yaml:5:11  defaults.mail.smtp: stack prod has no secret olympus:smtp-main (it has smtp-bulk). Write it with `pulumi config set --secret olympus:smtp-main`, or mail: none.",
  ]);
});

test("a mail server's secret that Kratos could not read is told once, at the secret, while a tenant uses it", () => {
  const fault = judgeSmtpUri("smtp-main", "SMTPS://fleet:Secr3t@mail.example:465/");
  if (fault === undefined) throw new Error("no fault");
  const secretFaults = new Map([["smtp-main", fault]]);
  expect(lines({ secretFaults })).toEqual([
    "olympus:smtp-main: has its scheme in capitals, which Kratos does not take. Write smtps://: `pulumi config set --secret olympus:smtp-main`.",
  ]);
  const nobody = tenantsText.replace("mail: { smtp: main }", "mail: none");
  expect(lines({ secretFaults, tenants: nobody })).toEqual([]);
});

test("the mail server of a tenant elsewhere is the other stack's business", () => {
  expect(lines({ tenants: tenantsText.replace("mail: none", "mail: { smtp: theirs }") })).toEqual([]);
});
