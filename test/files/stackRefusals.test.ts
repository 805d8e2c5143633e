import { describe, expect, test } from "vitest";
import { lines, releasesText, stackConfig, stackText } from "../fleet/fleetInput.ts";

const config = (change: object) => lines({ config: { ...stackConfig, ...change }, stackText });
const host = (change: object) =>
  config({ hosts: { ...stackConfig.hosts, "eu-1": { ...stackConfig.hosts["eu-1"], ...change } } });

describe("stack configuration", () => {
  test.each<[object, ...string[]]>([
    [
      { domain: "https://id.example.com" },
      'Pulumi.prod.yaml:2:3  olympus:domain: "https://id.example.com" is not a host name. Write id.example.com.',
    ],
    [
      { domain: undefined },
      "Pulumi.prod.yaml:2:3  olympus:domain: is missing. Write domain: id.example.com, for example.",
    ],
    [
      { hosts: {} },
      "Pulumi.prod.yaml:3:3  olympus:hosts: the stack has no host. Write hosts: { local: { address: unix:///var/run/docker.sock, memory: 16GiB } }, for example.",
    ],
    [
      { hosts: [] },
      "Pulumi.prod.yaml:3:3  olympus:hosts: must be a map, and is a list. Write hosts: { local: { address: unix:///var/run/docker.sock, memory: 16GiB } }, for example.",
    ],
    [
      { elsewhere: ["eu-1", "us-1"] },
      "Pulumi.prod.yaml:16:23  olympus:elsewhere[0]: eu-1 is a host of this stack. Write it in hosts or in elsewhere, not in both.",
    ],
    [
      { tls: { mode: "files" } },
      "Pulumi.prod.yaml:18:5  olympus:tls.mode: files comes with a later version. Write mode: acme or mode: internal.",
    ],
    [
      { tls: { mode: "amce" } },
      'Pulumi.prod.yaml:18:5  olympus:tls.mode: "amce" is neither internal nor acme. Did you mean acme?',
    ],
    [
      { tls: "acme" },
      "Pulumi.prod.yaml:17:3  olympus:tls: must be a map, and is text. Write tls: { mode: internal }, for example.",
    ],
    [
      { tls: { mode: "acme" } },
      "Pulumi.prod.yaml:19:5  olympus:tls.email: is missing. Write email: ops@example.com, for example.",
    ],
    [
      { tls: { mode: "acme", email: "ops@example.com", ca: "http://ca.example.com" } },
      'Pulumi.prod.yaml:20:5  olympus:tls.ca: "http://ca.example.com" is not an https URL. Write one such as https://acme-v02.api.letsencrypt.org/directory.',
    ],
    [{ tls: {} }, "Pulumi.prod.yaml:18:5  olympus:tls.mode: is missing. Write mode: internal or mode: acme."],
    [
      { tls: undefined },
      "Pulumi.prod.yaml:17:3  olympus:tls: is missing. Write tls: { mode: internal }, for example.",
    ],
    [
      { dns: { provider: "route53" } },
      'Pulumi.prod.yaml:22:5  olympus:dns.provider: "route53" is neither none nor cloudflare. Write provider: none or provider: cloudflare.',
    ],
    [
      { dns: { provider: "cloudflare", zoneId: "0123456789abcdef0123456789abcdef" } },
      "Pulumi.prod.yaml:21:3  olympus:dns.zone: is missing. Write zone: example.com, for example.",
    ],
    [
      { overcommit: 0.5 },
      "Pulumi.prod.yaml:23:3  olympus:overcommit: 0.5 is outside 1 to 10. Write overcommit: 1.5, for example.",
    ],
    [
      { tenantsFile: 5 },
      'Pulumi.prod.yaml:1:1  olympus:tenantsFile: "5" is not the path of a YAML file. Write one such as tenants.yaml.',
    ],
    [
      { releasesFile: "" },
      'Pulumi.prod.yaml:1:1  olympus:releasesFile: "" is not the path of a YAML file. Write one such as tenants.yaml.',
    ],
    [
      { overcommit: "a lot" },
      "Pulumi.prod.yaml:23:3  olympus:overcommit: must be a number, and is text. Write overcommit: 1.5, for example.",
    ],
    [
      { removeAtOnce: "a lot" },
      'Pulumi.prod.yaml:1:1  olympus:removeAtOnce: "a lot" is not 0% to 100%. Write 20%, for example.',
    ],
    [
      { protectData: "yes" },
      "Pulumi.prod.yaml:24:3  olympus:protectData: must be true or false, and is text. Write protectData: true, for example.",
    ],
    [
      { domian: "id.example.com" },
      "Pulumi.prod.yaml:1:1  olympus:domian: there is no such key. Did you mean domain?",
    ],
    [
      { registries: {}, edge: {} },
      "Pulumi.prod.yaml:1:1  olympus:edge.hosts: is missing. Write hosts: [edge-1], for example.",
      "Pulumi.prod.yaml:1:1  olympus:registries: registries comes with a later version. Write the stack without this key.",
    ],
    [
      { hostImages: {} },
      "Pulumi.prod.yaml:1:1  olympus:hostImages: the hosts' images belong to every stack. Write hostImages in releases.yaml.",
    ],
  ])("%o", (change, ...messages) => {
    expect(config(change)).toEqual(messages);
  });
});

describe("a host", () => {
  test.each<[object, ...string[]]>([
    [
      { address: "tcp://10.0.0.1:2375" },
      'Pulumi.prod.yaml:5:7  olympus:hosts.eu-1.address: "tcp://10.0.0.1:2375" would give root on the host to anyone who reaches the port. Write unix:///var/run/docker.sock, or ssh://user@host.',
    ],
    [
      { address: "/var/run/docker.sock" },
      'Pulumi.prod.yaml:5:7  olympus:hosts.eu-1.address: "/var/run/docker.sock" is not an engine\'s address. Write unix:///var/run/docker.sock, or ssh://user@host.',
    ],
    [
      { address: "unix:///run/eu-2/docker.sock" },
      "Pulumi.prod.yaml:14:7  olympus:hosts.eu-2.address: unix:///run/eu-2/docker.sock is host eu-1 already. Write one of the two: a machine is one host.",
    ],
    [
      { memory: undefined },
      "Pulumi.prod.yaml:6:7  olympus:hosts.eu-1.memory: is missing. Write memory: 16GiB, for example.",
    ],
    [
      { memory: 16 },
      'Pulumi.prod.yaml:6:7  olympus:hosts.eu-1.memory: "16" has no unit. Write 16MiB or another amount in MiB or GiB.',
    ],
    [
      { memory: "16GB" },
      'Pulumi.prod.yaml:6:7  olympus:hosts.eu-1.memory: "16GB" is not written in MiB or GiB. Write 16GiB.',
    ],
    [
      { networkPool: "10.0.0.0/30" },
      "Pulumi.prod.yaml:8:7  olympus:hosts.eu-1.networkPool: 10.0.0.0/30 is too small: a tenant takes two networks of 16 addresses. Write /24 or wider, such as 10.128.0.0/9.",
    ],
    [
      { networkPool: "8.0.0.0/9" },
      "Pulumi.prod.yaml:8:7  olympus:hosts.eu-1.networkPool: 8.0.0.0/9 is not private: containers could no longer reach the owners of these addresses. Write a part of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10.",
    ],
    [
      { networkPool: "10.1.0.0/9" },
      'Pulumi.prod.yaml:8:7  olympus:hosts.eu-1.networkPool: "10.1.0.0/9" has bits set behind its prefix. Write 10.0.0.0/9.',
    ],
    [
      { networkPool: "everything" },
      'Pulumi.prod.yaml:8:7  olympus:hosts.eu-1.networkPool: "everything" is not a range of IPv4 addresses. Write one such as 10.128.0.0/9.',
    ],
    [
      { httpPort: 443 },
      "Pulumi.prod.yaml:10:7  olympus:hosts.eu-1.httpsPort: 443 is the httpPort too. Write two different ports.",
    ],
    [
      { httpsPort: 2020 },
      "Pulumi.prod.yaml:10:7  olympus:hosts.eu-1.httpsPort: at 2020 Caddy asks itself, on the host, which names may have a certificate. Write another port.",
    ],
    [
      { httpPort: 70000 },
      "Pulumi.prod.yaml:9:7  olympus:hosts.eu-1.httpPort: 70000 is outside 1 to 65535. Write httpPort: 80, for example.",
    ],
    [
      { healthInterval: 1 },
      "Pulumi.prod.yaml:11:7  olympus:hosts.eu-1.healthInterval: 1 is outside 2 to 300. Write healthInterval: 20, for example.",
    ],
    [
      { inputRule: "warn" },
      'Pulumi.prod.yaml:12:7  olympus:hosts.eu-1.inputRule: "warn" is neither require nor report. Write inputRule: require or inputRule: report.',
    ],
    [
      { memry: "16GiB" },
      "Pulumi.prod.yaml:4:5  olympus:hosts.eu-1.memry: there is no such key. Did you mean memory?",
    ],
  ])("%o", (change, ...messages) => {
    expect(host(change)).toEqual(messages);
  });
});

describe("releases.yaml", () => {
  test.each<[before: string, after: string, ...messages: string[]]>([
    [
      "docker.io/oryd/kratos:v26.2.0",
      "docker.io/oryd/kratos",
      'releases.yaml:6:7  releases["2026.10"].images.kratos: "docker.io/oryd/kratos" has neither tag nor digest, which means whatever is newest. Write docker.io/oryd/kratos:TAG or docker.io/oryd/kratos@sha256:DIGEST.',
    ],
    [
      "postgres:18.1-trixie",
      "postgres:17.6-trixie",
      'releases.yaml:3:5  releases["2026.10"].postgresMajor: the release says 18, and its image is docker.io/library/postgres:17.6-trixie. Write postgresMajor: 17 or an image of version 18.',
    ],
    [
      "postgresMajor: 18",
      "postgresMajor: 18\n    postgresBase: bookworm",
      'releases.yaml:4:5  releases["2026.10"].postgresBase: the release says bookworm, and its image is docker.io/library/postgres:18.1-trixie. Remove the line: the tag says trixie. Or write an image that is built on bookworm.',
    ],
    // Both before and after `debian`, a change from bookworm to trixie would be none.
    [
      "postgresMajor: 18",
      "postgresMajor: 18\n    postgresBase: debian",
      'releases.yaml:4:5  releases["2026.10"].postgresBase: "debian" does not say which C library it is: each version of a system has its own. Write trixie, bookworm or alpine, for example.',
    ],
    [
      "postgresMajor: 18",
      "postgresMajor: 18\n    postgresBase: bookwrom",
      'releases.yaml:4:5  releases["2026.10"].postgresBase: "bookwrom" is not a system that is known. Did you mean bookworm?',
    ],
    [
      "postgresMajor: 18",
      "postgresMajor: 18\n    postgresBase: Trixie",
      'releases.yaml:4:5  releases["2026.10"].postgresBase: "Trixie" is not a system that is known. Did you mean trixie?',
    ],
    [
      "postgresMajor: 18",
      "postgresMajor: 18\n    postgresBase: alpine3.22",
      'releases.yaml:4:5  releases["2026.10"].postgresBase: "alpine3.22" is not a system that is known. Did you mean alpine?',
    ],
    [
      '"2026.10"',
      "2026.10",
      'releases.yaml:2:3  releases: YAML does not read the key 2026.10 as text. Write it in quotes: "2026.10".',
    ],
    [
      "hydra: docker",
      "hidra: docker",
      'releases.yaml:7:7  releases["2026.10"].images.hidra: there is no such key. Did you mean hydra?',
    ],
    [
      "docker:28.0.1-dind",
      "docker:latest",
      "releases.yaml:20:3  hostImages.firewall: the tag latest floats: two hosts, or one host on two days, would run different images. Write docker.io/library/docker@sha256:DIGEST; `docker buildx imagetools inspect docker.io/library/docker:latest` shows the digest.",
    ],
    [
      ":v26.2.0",
      ":v26",
      'releases.yaml:6:7  releases["2026.10"].images.kratos: the tag v26 floats: two hosts, or one host on two days, would run different images. Write docker.io/oryd/kratos@sha256:DIGEST; `docker buildx imagetools inspect docker.io/oryd/kratos:v26` shows the digest.',
    ],
    [
      "postgresMajor: 18",
      "postgresMajor: 9",
      'releases.yaml:3:5  releases["2026.10"].postgresMajor: 9 is outside 14 to 30. Write postgresMajor: 18, for example.',
    ],
    [
      "hostImages:",
      "hostImage:",
      "releases.yaml:18:1  hostImage: there is no such key. Did you mean hostImages?",
    ],
    [
      "releases:",
      "releases: {",
      'releases.yaml:3:5  releases["2026.10"].postgresMajor: an indented map or list starts inside of [ ] or { }: a bracket above is not closed. Write its ] or }, or leave the bracket out and indent.',
    ],
  ])("%s becomes %s", (before, after, ...messages) => {
    expect(lines({ releases: releasesText.replace(before, after) })).toEqual(messages);
  });
});

test("without the text of Pulumi.prod.yaml a problem still has its path", () => {
  expect(lines({ config: { ...stackConfig, domain: 5 } })).toEqual([
    'olympus:domain: "5" is not a host name. Write lower-case labels with dots between them, such as login.bigcorp.com.',
  ]);
});

test("configuration that is not a map at all is one problem", () => {
  expect(lines({ config: null, stackText: "" })).toEqual([
    "Pulumi.prod.yaml:1:1  olympus: is empty. Write it as docs/tenants.md shows.",
  ]);
});
