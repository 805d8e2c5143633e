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

test("a tenant's root key is a secret of the stack, and no value of its configuration", () => {
  const text = "config:\n  olympus:root-acme: { secure: v1:abc }\n";
  const { config, secretKeys, secretFaults } = stackFileValues({ file: "Pulumi.prod.yaml", text });
  expect({ config, secretKeys, faults: secretFaults.size }).toEqual({
    config: {},
    secretKeys: ["root-acme"],
    faults: 0,
  });
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
