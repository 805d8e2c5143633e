import { describe, expect, test } from "vitest";
import { isInside, printedRange4 } from "../../../fleet/address.ts";
import { engineFacts } from "../../../reports/doctor/facts/engine.ts";
import { FactLines } from "../../../reports/doctor/facts/lines.ts";
import { machineFacts } from "../../../reports/doctor/facts/machine.ts";
import { addressesOf, holdersOf, listenersOf, routesOf } from "../../../reports/doctor/facts/network.ts";
import { sshdFacts } from "../../../reports/doctor/facts/sshd.ts";
import { engineAnswers, machineText } from "./healthy.ts";

const lines = (...text: readonly string[]) => new FactLines(text.join("\n"));

describe("lines", () => {
  test("what is not a fact is skipped, and what follows the first = belongs to the value", () => {
    const found = lines("Last login: Tue", "PATH=/bin", "a=b=c", "empty=", "a=d", "x\r");
    expect([found.one("a"), found.all("a"), found.one("empty"), found.one("PATH")]).toEqual([
      "b=c",
      ["b=c", "d"],
      undefined,
      undefined,
    ]);
  });

  test("a machine that told nothing has nothing to be judged by", () => {
    const nothing = machineFacts("sh: 1: not found\n");
    expect(nothing).toMatchObject({
      isWhole: false,
      disk: undefined,
      forwards: undefined,
      routes: [],
      units: undefined,
    });
  });
});

describe("routes", () => {
  const ranges = (...text: readonly string[]) =>
    routesOf(lines(...text.map((line) => `route=${line}`))).map(
      ({ range, device }) => `${printedRange4(range)} ${device}`,
    );

  test.each([
    ["default via 192.0.2.1 dev eth0 onlink", ["0.0.0.0/0 eth0"]],
    ["10.8.0.0/24 via 10.8.0.2 dev tun0", ["10.8.0.0/24 tun0"]],
    ["10.64.0.7 dev wg0 table 51820 scope link", ["10.64.0.7/32 wg0"]],
    ["unreachable 10.96.0.0/12 metric 1024", ["10.96.0.0/12 undefined"]],
    ["blackhole default", ["0.0.0.0/0 undefined"]],
    ["10.9.0.0/16 proto bird metric 32", ["10.9.0.0/16 undefined"]],
    ["\tnexthop via 10.0.0.1 dev eth1 weight 1", []],
    ["local 192.0.2.2 dev eth0 table local proto kernel scope host src 192.0.2.2", []],
    ["broadcast 192.0.2.255 dev eth0 table local", []],
    ["multicast 224.0.0.0/4 dev eth0", []],
  ])("%s", (line, expected) => expect(ranges(line)).toEqual(expected));

  test("as the kernel's own file has them, where there is no ip command", () => {
    const found = routesOf(
      lines("route.hex=eth0 00000000 00000000", "route.hex=wg0 0000C80A 0000FFFF", "route.hex=x zz"),
    );
    expect(found.map(({ range, device }) => `${printedRange4(range)} ${device}`)).toEqual([
      "0.0.0.0/0 eth0",
      "10.200.0.0/16 wg0",
    ]);
  });
});

describe("addresses", () => {
  test("of interfaces, without loopback and what is valid on one link only", () => {
    expect(addressesOf(lines(...machineText.split("\n")))).toEqual(["203.0.113.11", "172.17.0.1"]);
  });

  test("a peer's address is not the host's", () => {
    expect(addressesOf(lines("address=5: tun0    inet 10.8.0.1 peer 10.8.0.2/32 scope global tun0"))).toEqual(
      ["10.8.0.1"],
    );
  });

  test("as hostname tells them", () => {
    expect(addressesOf(lines("address.plain=192.0.2.2", "address.plain=2001:db8::2"))).toEqual([
      "192.0.2.2",
      "2001:db8::2",
    ]);
  });

  test.each([
    ["10.0.0.1", true],
    ["172.31.0.1", true],
    ["172.32.0.1", false],
    ["192.168.1.1", true],
    ["100.64.0.1", true],
    ["100.128.0.1", false],
    ["203.0.113.1", false],
    ["fd00::2", true],
    ["2001:db8::2", false],
  ])("%s lies inside: %s", (address, expected) => expect(isInside(address)).toBe(expected));
});

describe("ports", () => {
  test("of the kernel's own files, IPv4 and IPv6", () => {
    const found = listenersOf(
      lines(
        "listener=0100007F:13BF 1000",
        "listener=00000000000000000000000000000000:01BB 0",
        "listener.udp=00000000:0035 101",
        "listener=?",
      ),
    );
    expect(found).toEqual([
      { protocol: "tcp", port: 5055, user: "1000" },
      { protocol: "tcp", port: 443, user: "0" },
      { protocol: "udp", port: 53, user: "101" },
    ]);
  });

  test.each([
    [
      'LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=812,fd=6),("nginx",pid=813,fd=6))',
      80,
      "nginx (process 812)",
    ],
    ['LISTEN 0 4096 *:443 *:* users:(("caddy",pid=9,fd=8))', 443, "caddy (process 9)"],
    ['LISTEN 0 128 [::1]:6010 [::]:* users:(("sshd",pid=77,fd=7))', 6010, "sshd (process 77)"],
    [
      "tcp        0      0 0.0.0.0:80              0.0.0.0:*               LISTEN      812/nginx: master p",
      80,
      "nginx (process 812)",
    ],
  ])("held as ss or netstat print it: %s", (line, port, holder) => {
    expect(holdersOf(lines(`holder=${line}`)).get(port)).toBe(holder);
  });
});

describe("sshd", () => {
  test("what it says itself comes before its files", () => {
    const found = sshdFacts(
      lines("sshd.effective=maxsessions 10", "sshd.written=MaxSessions 2", "sshd.readable=yes"),
    );
    expect([found.source, found.settings.get("maxsessions")]).toEqual(["effective", "10"]);
  });

  test("of its files the first line counts, and a Match ends what holds for everybody", () => {
    const found = sshdFacts(
      lines(
        "sshd.written=MaxSessions 4",
        "sshd.written=  maxsessions=9",
        "sshd.written=Match User bob",
        "sshd.written=MaxStartups 1",
        "sshd.readable=yes",
      ),
    );
    expect([...found.settings]).toEqual([["maxsessions", "4"]]);
  });

  test("files that nobody may read say nothing", () => {
    expect(sshdFacts(lines("sshd.written=MaxSessions 4")).source).toBeUndefined();
  });
});

describe("engine", () => {
  test("Podman is told by its components", () => {
    const version = { Version: "4.3.1", ApiVersion: "1.41", Components: [{ Name: "Podman Engine" }] };
    expect(engineFacts({ ...engineAnswers, version })).toMatchObject({ kind: "podman", version: "4.3.1" });
  });

  test("something else than an engine is none", () => {
    expect(engineFacts({ ...engineAnswers, version: { message: "page not found" } })).toBeUndefined();
    expect(engineFacts({ ...engineAnswers, info: "<html>" })).toBeUndefined();
  });

  test("lists that it leaves empty or null are empty", () => {
    const found = engineFacts({
      ...engineAnswers,
      networks: null,
      containers: null,
      volumes: { Volumes: null },
      images: null,
    });
    expect(found).toMatchObject({ networks: [], containers: [], volumes: [] });
  });
});
