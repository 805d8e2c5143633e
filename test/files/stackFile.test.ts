import { expect, test } from "vitest";
import { stackFileValues } from "../../files/load.ts";

test.each([
  ["{ secure: v1:abc }", undefined],
  ["smtp://relay.example.com:25/", undefined],
  // Told with the other secrets that stand in plain text.
  ["smtps://user:password@mail.example.com:465/", undefined],
  ["{ secure: }", "is neither encrypted nor the URI of a mail server"],
  ["{}", "is neither encrypted nor the URI of a mail server"],
  ["465", "is neither encrypted nor the URI of a mail server"],
  ["''", "is not the URI of a mail server"],
  ["smtp://relay.example.com", "has no port, and Kratos has no default for it"],
])("a mail server's secret that is written as %s", (written, fault) => {
  const text = `config:\n  olympus:smtp-main: ${written}\n`;
  const { secretFaults } = stackFileValues({ file: "Pulumi.prod.yaml", text });
  expect(secretFaults.get("smtp-main")?.fault).toBe(fault);
});

test.each([
  ["{ secure: v1:abc }", undefined],
  [
    "4f1d0c9b8a7e6f5d4c3b2a19080706f5e4d3c2b1a09f8e7d6c5b4a3928170605",
    "is not encrypted; anyone who reads the repository has the root key now",
  ],
  ["{ secure: }", "is not encrypted; anyone who reads the repository has the root key now"],
])("a tenant's root key that is written as %s", (written, fault) => {
  const text = `config:\n  olympus:root-acme: ${written}\n`;
  const { secretFaults, secretKeys } = stackFileValues({ file: "Pulumi.prod.yaml", text });
  expect(secretKeys).toEqual(["root-acme"]);
  expect(secretFaults.get("root-acme")?.fault).toBe(fault);
});

test("a stack file means the same after Pulumi's CLI has rewritten it", () => {
  const byHand = `config:
  olympus:domain: example.org
  olympus:protectData: false
  olympus:overcommit: 1.5
  olympus:hosts: { eu-1: { memory: 8GiB } }
`;
  const rewritten = `config:
  olympus:domain: example.org
  olympus:protectData: "false"
  olympus:overcommit: "1.5"
  olympus:hosts:
    eu-1:
      memory: 8GiB
  olympus:smtp-main:
    secure: v1:abc
  olympus:cloudflareApiToken:
    secure: v1:abd
encryptionsalt: v1:def
`;
  const values = (text: string) => stackFileValues({ file: "Pulumi.prod.yaml", text });
  expect(values(rewritten).config).toEqual(values(byHand).config);
  expect(values(rewritten).config).toEqual({
    domain: "example.org",
    protectData: false,
    overcommit: 1.5,
    hosts: { "eu-1": { memory: "8GiB" } },
  });
  expect(values(rewritten).secretKeys).toEqual(["smtp-main", "cloudflareApiToken"]);
});
