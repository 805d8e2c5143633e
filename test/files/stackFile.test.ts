import { expect, test } from "vitest";
import { stackFileValues } from "../../files/load.ts";

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
