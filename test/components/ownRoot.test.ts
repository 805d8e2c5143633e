import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import type { TenantSecrets } from "../../components/docker/tenant/secrets.ts";
import { derive, newestFirst, rootFingerprint } from "../../fleet/secrets.ts";
import { startMocks } from "./mocks.ts";

const own = "4f1d0c9b8a7e6f5d4c3b2a19080706f5e4d3c2b1a09f8e7d6c5b4a3928170605";
const pulumis = "acme-root-key-of-the-mock";

let secrets: TenantSecrets;

beforeAll(async () => {
  await startMocks();
  const { createSecrets } = await import("../../components/docker/tenant/secrets.ts");
  const stackSecret = (key: string) => pulumi.secret(key === "root-acme" ? own : "");
  secrets = createSecrets("acme", stackSecret, true, {});
});

const settledValue = <Value>(output: pulumi.Output<Value>) =>
  new Promise<Value>((resolve) => output.apply((value) => resolve(value)));

test("secrets are derived from the root key of their generation, and stay secrets", async () => {
  const refs = newestFirst("hydra/system", { newest: 2, oldest: 1, roots: [{ since: 2, key: "root-acme" }] });
  const outputs = refs.map((ref) => secrets.value(ref));
  expect(await Promise.all(outputs.map(settledValue))).toEqual([
    derive(Buffer.from(own), "hydra/system/2", "hex32"),
    derive(Buffer.from(pulumis), "hydra/system/1", "hex32"),
  ]);
  expect(await Promise.all(outputs.map((output) => pulumi.isSecret(output)))).toEqual([true, true]);
});

test("a fingerprint is none: the state has it in plain text", async () => {
  for (const [key, value] of [
    [undefined, pulumis],
    ["root-acme", own],
  ] as const) {
    const output = secrets.fingerprint(key);
    expect(await settledValue(output)).toBe(rootFingerprint(value));
    expect(await pulumi.isSecret(output)).toBe(false);
  }
});
