import { describe, expect, test } from "vitest";
import { lines, stackConfig, stackText } from "../fleet/fleetInput.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const overSsh = { address: "ssh://deploy@eu-1.example.com", hostKey: key };
const cloudflare = {
  provider: "cloudflare",
  zone: "example.com",
  zoneId: "0123456789abcdef0123456789abcdef",
};

const config = (change: object) => lines({ config: { ...stackConfig, ...change }, stackText });
const host = (change: object) =>
  config({ hosts: { ...stackConfig.hosts, "eu-1": { ...stackConfig.hosts["eu-1"], ...change } } });

/** One host with an address; the fleet's tenants are elsewhere. */
const oneHost = {
  hosts: { local: { ...stackConfig.hosts["eu-1"], publicAddress: ["203.0.113.11"] } },
  elsewhere: ["eu-1", "eu-2", "us-1"],
};

/** Both hosts with these public addresses, and a third one. */
const reached = (eu1: readonly string[], eu2: readonly string[], change: object) =>
  config({
    hosts: {
      "eu-1": { ...stackConfig.hosts["eu-1"], publicAddress: eu1 },
      "eu-2": { ...stackConfig.hosts["eu-2"], publicAddress: eu2 },
      "edge-1": {
        address: "unix:///run/edge-1/docker.sock",
        memory: "2GiB",
        publicAddress: ["198.51.100.7"],
      },
    },
    ...change,
  });

describe("a host over SSH", () => {
  test("has an address, a key and perhaps a key file", () => {
    expect(host({ ...overSsh, identityFile: "~/.ssh/fleet" })).toEqual([]);
    expect(host({ ...overSsh, address: "ssh://deploy@[2001:db8::10]:2222" })).toEqual([]);
  });

  test.each<[object, string]>([
    [
      { address: "ssh://deploy@eu-1.example.com" },
      "Pulumi.prod.yaml:4:5  olympus:hosts.eu-1.hostKey: is missing: without it anybody on the way could answer as this host. Write the first two words of /etc/ssh/ssh_host_ed25519_key.pub on the host; what `ssh-keyscan -t ed25519 eu-1.example.com` shows must be the same.",
    ],
    [
      { address: "ssh://deploy@[2001:db8::10]:2222" },
      "Pulumi.prod.yaml:4:5  olympus:hosts.eu-1.hostKey: is missing: without it anybody on the way could answer as this host. Write the first two words of /etc/ssh/ssh_host_ed25519_key.pub on the host; what `ssh-keyscan -t ed25519 -p 2222 2001:db8::10` shows must be the same.",
    ],
    [
      { address: "ssh://eu-1.example.com" },
      "Pulumi.prod.yaml:5:7  olympus:hosts.eu-1.address: the address is not ssh://user@host or ssh://user@host:port. Write ssh://deploy@eu-1.example.com, for example.",
    ],
    [
      { address: "ssh://deploy@eu-1.example.com:0" },
      "Pulumi.prod.yaml:5:7  olympus:hosts.eu-1.address: the address is not ssh://user@host or ssh://user@host:port. Write ssh://deploy@eu-1.example.com, for example.",
    ],
    [
      { ...overSsh, hostKey: "ssh-ed25519 AAAA" },
      "Pulumi.prod.yaml:4:5  olympus:hosts.eu-1.hostKey: is not a public SSH key. Write the first two words of /etc/ssh/ssh_host_ed25519_key.pub, as they are on the host.",
    ],
    [
      { ...overSsh, hostKey: `${key} root@eu-1` },
      "Pulumi.prod.yaml:4:5  olympus:hosts.eu-1.hostKey: is not a public SSH key. Write the first two words of /etc/ssh/ssh_host_ed25519_key.pub, as they are on the host.",
    ],
    [
      { ...overSsh, hostKey: key.replace("ssh-ed25519", "ssh-rsa") },
      "Pulumi.prod.yaml:4:5  olympus:hosts.eu-1.hostKey: is not a public SSH key. Write the first two words of /etc/ssh/ssh_host_ed25519_key.pub, as they are on the host.",
    ],
    [
      { ...overSsh, hostKey: "SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDRwAs4N7sXG0oQ2kM" },
      "Pulumi.prod.yaml:4:5  olympus:hosts.eu-1.hostKey: is a fingerprint; the key itself is needed. Write the first two words of /etc/ssh/ssh_host_ed25519_key.pub, as they are on the host.",
    ],
    [
      { ...overSsh, identityFile: "~/.ssh/fleet.pub" },
      'Pulumi.prod.yaml:4:5  olympus:hosts.eu-1.identityFile: "~/.ssh/fleet.pub" is the public half. Write ~/.ssh/fleet.',
    ],
    [
      { ...overSsh, identityFile: "fleet" },
      'Pulumi.prod.yaml:4:5  olympus:hosts.eu-1.identityFile: "fleet" is not the whole path of a private key. Write one such as ~/.ssh/id_ed25519.',
    ],
    [
      { hostKey: key },
      "Pulumi.prod.yaml:4:5  olympus:hosts.eu-1.hostKey: is for hosts over SSH, and this one is this machine. Remove the line, or write address: ssh://user@host.",
    ],
    [
      { engine: "containerd" },
      'Pulumi.prod.yaml:4:5  olympus:hosts.eu-1.engine: "containerd" is neither docker nor podman. Write engine: docker or engine: podman.',
    ],
  ])("%o", (change, message) => {
    expect(host(change)).toEqual([message]);
  });

  test("whose password stands in the address: it is not repeated", () => {
    const [line, ...more] = host({
      address: "ssh://deploy:hunter2-Swordfish@eu-1.example.com",
      hostKey: key,
    });
    expect(more).toEqual([]);
    expect(line).toMatch(/^Pulumi\.prod\.yaml:5:7 {2}olympus:hosts\.eu-1\.address: /);
    expect(line).not.toMatch(/hunter2/);
  });

  test("that is another host by its machine, no matter who signs in", () => {
    const twin = { ...stackConfig.hosts["eu-2"], ...overSsh, address: "ssh://root@eu-1.example.com:22" };
    expect(config({ hosts: { "eu-1": { ...stackConfig.hosts["eu-1"], ...overSsh }, "eu-2": twin } })).toEqual(
      [
        "Pulumi.prod.yaml:14:7  olympus:hosts.eu-2.address: ssh://root@eu-1.example.com:22 is host eu-1 already. Write one of the two: a machine is one host.",
      ],
    );
  });
});

describe("a public address", () => {
  test.each([
    [["203.0.113.10"]],
    [["203.0.113.10", "2001:db8::10"]],
    [["2001:db8::10", "203.0.113.10"]],
    [["eu-1.example.net"]],
  ])("%o", (publicAddress) => {
    expect(host({ publicAddress })).toEqual([]);
  });

  test.each<[readonly string[], string]>([
    [
      ["203.0.113.10", "203.0.113.11"],
      'olympus:hosts.eu-1.publicAddress: has two addresses of one kind, and nobody says which of them it is. Write [203.0.113.10], [203.0.113.10, "2001:db8::10"] or [eu-1.example.net].',
    ],
    [
      ["eu-1.example.net", "203.0.113.11"],
      'olympus:hosts.eu-1.publicAddress: has a host name and something beside it. Write [203.0.113.10], [203.0.113.10, "2001:db8::10"] or [eu-1.example.net].',
    ],
    [
      ["203.0.113.256"],
      'olympus:hosts.eu-1.publicAddress[0]: "203.0.113.256" is neither an IP address nor a host name. Write one such as 203.0.113.10, 2001:db8::10 or eu-1.example.net.',
    ],
    ...["0.0.0.0", "::", "0.1.2.3", "224.0.0.1", "ff02::1", "169.254.1.1", "fe80::1", "255.255.255.255"].map(
      (address): [string[], string] => [
        [address],
        `olympus:hosts.eu-1.publicAddress[0]: "${address}" is where no visitor can be sent: it is nobody's address, or one of a group or a single cable. Write the address at which visitors reach ports 80 and 443, such as 203.0.113.10 or 2001:db8::10.`,
      ],
    ),
  ])("%o", (publicAddress, message) => {
    expect(host({ publicAddress })).toEqual([`Pulumi.prod.yaml:4:5  ${message}`]);
  });
});

describe("an edge", () => {
  const edge = (change: object, more: object = {}) =>
    reached(["203.0.113.11"], ["203.0.113.12"], { edge: { hosts: ["edge-1"], ...change }, ...more });

  test("routes to hosts whose addresses are known", () => {
    expect(edge({})).toEqual([]);
    expect(edge({ from: ["198.51.100.0/24"] })).toEqual([]);
  });

  test.each<[object, string]>([
    [
      { hosts: [] },
      "Pulumi.prod.yaml:1:1  olympus:edge.hosts: names no host. Write the host that routes, or remove olympus:edge.",
    ],
    [
      { hosts: ["edge-2"] },
      'Pulumi.prod.yaml:1:1  olympus:edge.hosts[0]: "edge-2" is not a host of stack prod (eu-1, eu-2, edge-1). Did you mean edge-1?',
    ],
    [
      { from: ["0.0.0.0/0"] },
      "Pulumi.prod.yaml:1:1  olympus:edge.from[0]: 0.0.0.0/0 would let anybody on the internet name a visitor's address. Write the addresses of the edge, such as 198.51.100.7/32.",
    ],
    [
      { hosts: ["edge-1", "eu-2"] },
      "tenants.yaml:13:5  tenants.bigcorp.host: eu-2 is the edge, which holds no tenant. Write host: eu-1, for example.",
    ],
  ])("%o", (change, message) => {
    expect(edge(change)).toEqual([message]);
  });

  test("leaves a host for tenants", () => {
    expect(edge({ hosts: ["edge-1", "eu-1", "eu-2"] })[0]).toBe(
      "Pulumi.prod.yaml:1:1  olympus:edge.hosts: names every host of the stack, and an edge holds no tenant. Add a host for tenants to olympus:hosts.",
    );
  });

  test("cannot reach a host without an address", () => {
    expect(reached([], ["203.0.113.12"], { edge: { hosts: ["edge-1"] } })).toEqual([
      "Pulumi.prod.yaml:4:5  olympus:hosts.eu-1.publicAddress: names no address, and the edge sends visitors there. Write the address at which the edge reaches the host, such as [10.0.0.11].",
    ]);
  });

  test("is known to the hosts by its IP address", () => {
    const named = {
      hosts: {
        local: { ...stackConfig.hosts["eu-1"], publicAddress: ["203.0.113.11"] },
        "edge-1": { ...stackConfig.hosts["eu-2"], publicAddress: ["edge-1.example.net"] },
      },
      elsewhere: ["eu-1", "eu-2", "us-1"],
    };
    expect(config({ ...named, edge: { hosts: ["edge-1"] } })).toEqual([
      "Pulumi.prod.yaml:3:3  olympus:hosts.edge-1.publicAddress: names no IP address, by which the other hosts would know the edge's connections. Write the address as publicAddress, or the range in olympus:edge.from.",
    ]);
    expect(config({ ...named, edge: { hosts: ["edge-1"], from: ["198.51.100.7/32"] } })).toEqual([]);
  });

  test("has the same ports on each of its hosts", () => {
    const edges = (httpsPort: number) => ({
      hosts: {
        ...stackConfig.hosts,
        "eu-1": { ...stackConfig.hosts["eu-1"], publicAddress: ["203.0.113.11"] },
        "eu-2": { ...stackConfig.hosts["eu-2"], publicAddress: ["203.0.113.12"] },
        "edge-1": { address: "unix:///run/edge-1.sock", memory: "2GiB", publicAddress: ["198.51.100.7"] },
        "edge-2": {
          address: "unix:///run/edge-2.sock",
          memory: "2GiB",
          publicAddress: ["198.51.100.8"],
          httpsPort,
        },
      },
      edge: { hosts: ["edge-1", "edge-2"] },
    });
    expect(config(edges(443))).toEqual([]);
    expect(config(edges(8443))).toEqual([
      "Pulumi.prod.yaml:3:3  olympus:hosts.edge-2.httpsPort: is 8443, and 443 at edge-1: visitors come to either, with one port. Write httpsPort: 443.",
    ]);
  });

  test("is not bypassed by records", () => {
    expect(edge({}, { dns: { provider: "none", mode: "records" } })).toEqual([
      "Pulumi.prod.yaml:21:3  olympus:dns.mode: records would lead past the edge to the hosts. Write mode: wildcard, or remove olympus:edge.",
    ]);
  });
});

describe("DNS", () => {
  const dns = (change: object) =>
    reached(["203.0.113.11"], ["203.0.113.12"], { dns: { ...cloudflare, ...change } });

  test("at Cloudflare, a record per name or one for all", () => {
    expect(dns({ proxied: true })).toEqual([]);
    expect(
      reached(["203.0.113.11"], ["203.0.113.12"], { dns: cloudflare, edge: { hosts: ["edge-1"] } }),
    ).toEqual([]);
  });

  test.each<[object, string]>([
    [
      { zone: "example.net" },
      "Pulumi.prod.yaml:21:3  olympus:dns.zone: example.net is not the zone of the domain id.example.com. Write the zone that id.example.com lies in, and its zoneId.",
    ],
    [
      { zoneId: "example.com" },
      "Pulumi.prod.yaml:21:3  olympus:dns.zoneId: is not a zone's id: 32 of 0-9 and a-f. Write the zone id from the zone's overview page at Cloudflare.",
    ],
    [
      { mode: "wildcards" },
      'Pulumi.prod.yaml:21:3  olympus:dns.mode: "wildcards" is neither records nor wildcard. Did you mean wildcard?',
    ],
    [
      { mode: "wildcard" },
      "Pulumi.prod.yaml:21:3  olympus:dns.mode: one wildcard cannot lead to 3 hosts. Write mode: records, or an edge in front of them (olympus:edge).",
    ],
  ])("%o", (change, message) => {
    expect(dns(change)).toEqual([message]);
  });

  test("needs a token, which is a secret", () => {
    const given = { config: { ...stackConfig, ...oneHost, dns: cloudflare }, stackText };
    expect(lines(given)).toEqual([]);
    expect(lines({ ...given, secretKeys: ["smtp-main", "smtp-bulk"] })).toEqual([
      "Pulumi.prod.yaml:22:5  olympus:dns.provider: stack prod has no secret olympus:cloudflareApiToken, without which it cannot make records. Write it with `pulumi config set --secret olympus:cloudflareApiToken`; docs/dns-tls.md says how to get one.",
    ]);
    const plain = `${stackText}  olympus:cloudflareApiToken: kQ9vT2xLw8Zr4Nc7Yp1Hs6Bd3Mf5Gj0A-token\n`;
    expect(lines({ ...given, stackText: plain })).toEqual([
      "Pulumi.prod.yaml:25:3  olympus:cloudflareApiToken: stands here in plain text; anyone who reads the repository has it now. Revoke it at Cloudflare, and write a new one with `pulumi config set --secret olympus:cloudflareApiToken`.",
    ]);
  });

  test.each([["10.0.0.11"], ["127.0.0.1"], ["100.64.0.1"], ["fd00::11"], ["::1"]])(
    "cannot proxy to %s",
    (address) => {
      const inside = reached(["203.0.113.11"], [address], { dns: { ...cloudflare, proxied: true } });
      expect(inside).toEqual([
        `Pulumi.prod.yaml:13:5  olympus:hosts.eu-2.publicAddress[0]: ${address} is not reachable from the internet, where Cloudflare's proxy is. Write the public address, or proxied: false under olympus:dns.`,
      ]);
      expect(reached(["203.0.113.11"], [address], { dns: cloudflare })).toEqual([]);
    },
  );

  test("of two edges leads to two addresses", () => {
    const edges = (first: readonly string[], second: readonly string[]) =>
      reached(first, second, {
        elsewhere: ["us-1"],
        edge: { hosts: ["eu-1", "eu-2"], from: ["198.51.100.0/24"] },
        dns: cloudflare,
      }).filter((line) => !line.startsWith("tenants.yaml"));
    expect(edges(["198.51.100.1"], ["198.51.100.2"])).toEqual([]);
    expect(edges(["198.51.100.1"], ["198.51.100.1"])).toEqual([
      "Pulumi.prod.yaml:13:5  olympus:hosts.eu-2.publicAddress[0]: 198.51.100.1 is eu-1's too. Write the address of each.",
    ]);
    expect(edges(["198.51.100.1"], ["eu-2.example.net"])).toEqual([
      "Pulumi.prod.yaml:13:5  olympus:hosts.eu-2.publicAddress[0]: a host name cannot share a DNS name with another edge. Write its IP addresses.",
    ]);
  });

  test("leads no tenant's name to itself", () => {
    expect(reached(["acme.id.example.com"], ["203.0.113.12"], { dns: cloudflare })).toEqual([
      "Pulumi.prod.yaml:4:5  olympus:hosts.eu-1.publicAddress[0]: acme.id.example.com is a name of tenant acme, and would lead to itself. Write the host's IP address, or a name outside the stack's domain.",
    ]);
    // By hand as well, and a tenant's own domain, too.
    const byHand = { dns: { provider: "none" } };
    expect(reached(["login.bigcorp.com"], ["acme-api.id.example.com"], byHand)).toEqual([
      "Pulumi.prod.yaml:4:5  olympus:hosts.eu-1.publicAddress[0]: login.bigcorp.com is a name of tenant bigcorp, and would lead to itself. Write the host's IP address, or a name outside the stack's domain.",
      "Pulumi.prod.yaml:13:5  olympus:hosts.eu-2.publicAddress[0]: acme-api.id.example.com is a name of tenant acme, and would lead to itself. Write the host's IP address, or a name outside the stack's domain.",
    ]);
    expect(reached(["eu-1.example.net"], ["eu-2.id.example.com"], byHand)).toEqual([]);
  });

  test.each([[undefined], [[]]])("leads nowhere without an address (%o)", (publicAddress) => {
    const hosts = { local: { ...stackConfig.hosts["eu-1"], publicAddress } };
    expect(config({ ...oneHost, hosts, dns: cloudflare })).toEqual([
      "Pulumi.prod.yaml:3:3  olympus:hosts.local.publicAddress: names no address, and DNS records lead there. Write [203.0.113.10], for example.",
    ]);
  });
});
