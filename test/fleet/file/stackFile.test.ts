import { describe, expect, test } from "vitest";
import { loadFleet, stackFileValues } from "../../../fleet/load.ts";
import { input, stackConfig, stackText } from "../fleetInput.ts";

const file = (text: string) => ({ file: "Pulumi.prod.yaml", text });

describe("a stack's file, for what runs without Pulumi", () => {
  test("has the same configuration that Pulumi would hand over", () => {
    expect(stackFileValues(file(stackText))).toEqual({ config: stackConfig, smtpSecrets: [] });
  });

  test("names the mail secrets, encrypted or not, and carries no value of them", () => {
    const text = `${stackText}  olympus:smtp-main: { secure: v1:abc }\n  olympus:smtp-bulk: smtps://u:p@h:465/\n`;
    const values = stackFileValues(file(text));
    expect(values.smtpSecrets).toEqual(["main", "bulk"]);
    expect(JSON.stringify(values)).not.toMatch(/v1:abc|u:p@h/);
  });

  test("leaves other namespaces and other secrets alone", () => {
    const text = `${stackText}  cloudflare:apiToken: { secure: v1:abc }\n  olympus:root-acme: { secure: v1:def }\n`;
    expect(stackFileValues(file(text)).config).toEqual(stackConfig);
  });

  test.each(["", "config:\n", "config: [a]\n", "encryptionsalt: v1:abc\n", "config: {", "- a"])(
    "%j has no configuration",
    (text) => {
      expect(stackFileValues(file(text)).smtpSecrets).toEqual([]);
    },
  );

  test("is enough for a fleet", () => {
    const text = `${stackText}  olympus:smtp-main: { secure: v1:abc }\n  olympus:smtp-bulk: { secure: v1:abc }\n`;
    const { config, smtpSecrets } = stackFileValues(file(text));
    const fleet = loadFleet({ ...input({ config, smtpSecrets, stackText: text }) });
    expect(fleet.tenants.map(({ name }) => name)).toEqual(["acme", "bigcorp"]);
  });
});
