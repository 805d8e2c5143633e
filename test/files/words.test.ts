import { expect, test } from "vitest";
import { judgeRange } from "../../files/address.ts";
import { judgeEngineAddress } from "../../files/machine.ts";
import { judgeMemory } from "../../files/memory.ts";
import { lines, tenant } from "../fleet/fleetInput.ts";

test.each([
  ["16Gi", "16GiB"],
  ["2TiB", "2048GiB"],
  ["2T", "2048GiB"],
  ["512Mi", "512MiB"],
  ["2097152KiB", "2048MiB"],
  ["1.5gb", "1.5GiB"],
])("an amount as other programs write it: %s", (written, meant) => {
  expect(judgeMemory(written)).toEqual({
    fault: `"${written}" is not written in MiB or GiB`,
    remedy: `Write ${meant}.`,
  });
});

test.each([
  ["198.51.100.0/255.255.255.0", "has a netmask in place of a prefix length", "Write 198.51.100.0/24."],
  ["198.51.100.7/255.255.255.0", "has a netmask in place of a prefix length", "Write 198.51.100.0/24."],
  ["10.0.0.0/8 ", "has something in front of its prefix length or behind it", "Write 10.0.0.0/8."],
  ["10.0.0.0/08", "has something in front of its prefix length or behind it", "Write 10.0.0.0/8."],
  ["2001:db8::", "has no prefix length", "Write the length of the network, such as 2001:db8::/48."],
])("a range: %s", (written, fault, remedy) => {
  expect(judgeRange(written)).toEqual({ fault: `"${written}" ${fault}`, remedy });
});

test.each([
  ["ssh://deploy@EU-1.example.com", "has capitals in its host name", "Write ssh://deploy@eu-1.example.com."],
  [
    "ssh://deploy@2001:db8::1",
    "has an IPv6 address without brackets, and its colons would be the port's",
    "Write ssh://deploy@[2001:db8::1].",
  ],
])("a host over SSH: %s", (written, fault, remedy) => {
  expect(judgeEngineAddress(written)).toEqual({ fault: `"${written}" ${fault}`, remedy });
});

test("an IPv6 network without quotes, which YAML reads as a map", () => {
  expect(lines(tenant("{ admin: { allow: [2001:db8::] } }"))).toEqual([
    'tenants.yaml:3:25  tenants.t.admin.allow[0]: "2001:db8::" has no prefix length. Write the length of the network, such as 2001:db8::/48.',
  ]);
});

test("a password in a redirect URI has nothing to do with mail", () => {
  const [line] = lines(tenant("{ clients: { shop: { redirectUris: ['https://a:b@x.com/'] } } }"));
  expect(line).toContain("a password inside a URI stands here in plain text");
  expect(line).toContain("Write nothing secret here");
});

test("spaces as documents have them, in front of a key", () => {
  const told = lines({
    tenants: 'defaults: { release: "2026.11", mail: none }\ntenants:\n\u00a0\u00a0acme: {}\n',
  });
  expect(told).toContain(
    'tenants.yaml:3:1  ["\u00a0\u00a0acme"]: has spaces in it that are none for YAML (U+00A0), as documents and web pages have them. Write ordinary spaces: acme.',
  );
});
