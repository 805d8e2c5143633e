import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAthenaEnvironment } from "../../lab/uis/athena/environment.ts";
import { readHeraEnvironment } from "../../lab/uis/hera/environment.ts";
import { athenaEnvironment, athenaRequired, heraEnvironment, heraRequired } from "./uis.environments.ts";

const without = (environment: Record<string, string>, ...names: string[]) =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)));

describe("the environment contract", () => {
  test("complete environments are accepted", () => {
    expect(readHeraEnvironment(heraEnvironment).APP_INSTANCE).toBe("CIAM");
    expect(readAthenaEnvironment(athenaEnvironment).OAUTH_CLIENT_ID).toBe("athena");
  });

  test.each(heraRequired)("Hera needs %s", (name) => {
    const message = `hera: cannot start: ${name} is missing`;
    expect(() => readHeraEnvironment(without(heraEnvironment, name))).toThrow(message);
    expect(() => readHeraEnvironment({ ...heraEnvironment, [name]: "" })).toThrow(message);
  });

  test.each(athenaRequired)("Athena needs %s", (name) => {
    expect(() => readAthenaEnvironment(without(athenaEnvironment, name))).toThrow(
      `athena: cannot start: ${name} is missing`,
    );
  });

  test("everything that is wrong is in one line, and no secret is", () => {
    const read = () =>
      readHeraEnvironment({
        ...without(heraEnvironment, "APP_INSTANCE"),
        ENCRYPTION_KEY: "tooshortsecret",
        CAPTCHA_ENABLED: "yes",
      });
    expect(read).toThrow(
      "hera: cannot start: ENCRYPTION_KEY has 14 bytes, needs at least 32; APP_INSTANCE is missing; " +
        "CAPTCHA_ENABLED must be true or false",
    );
  });

  test.each([
    ["SETTINGS_TABLE", "ciam-settings; drop", "may hold only a-z and underscores"],
    ["KRATOS_PUBLIC_URL", "kratos:5000", "is not an http or https URL"],
    ["KRATOS_PUBLIC_URL", "http://kratos:5000/", "must end after its host or path, without a slash"],
    ["DATABASE_URL", "mysql://a@b/c", "is not a postgres URL"],
    ["DATABASE_URL", "postgres://postgres:5432", "needs a user, a host and a database"],
    [
      "DATABASE_URL",
      "postgres://a:b@c/d?sslrootcert=x",
      "has sslrootcert, which the driver passes on to the server",
    ],
    ["ENCRYPTION_KEY", "0".repeat(64), "repeats too few characters to be a random key"],
    ["PORT", "70000", "is not a port number"],
  ])("%s=%s: %s", (name, value, fault) => {
    expect(() => readHeraEnvironment({ ...heraEnvironment, [name]: value })).toThrow(
      `hera: cannot start: ${name} ${fault}`,
    );
  });

  test("a session signing key is base64 of 32 bytes", () => {
    const read = (key: string) => () =>
      readAthenaEnvironment({ ...athenaEnvironment, SESSION_SIGNING_KEY: key });
    expect(read("MTIzNDU2Nzg=")).toThrow("SESSION_SIGNING_KEY decodes to 8 bytes, needs at least 32");
    expect(read("not base64!")).toThrow("SESSION_SIGNING_KEY is not base64");
  });
});

describe("the bundles that the images hold", () => {
  let folder = "";
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "olympus-uis-"));
    await build({
      entryPoints: { hera: "lab/uis/hera/server.ts", athena: "lab/uis/athena/server.ts" },
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      outdir: folder,
      outExtension: { ".js": ".mjs" },
      logLevel: "silent",
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ["hera", heraEnvironment, "HYDRA_ADMIN_URL"],
    ["athena", athenaEnvironment, "SESSION_SIGNING_KEY"],
  ])("%s exits with 1 and one line", (name, environment, missing) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, `${name}.mjs`)], {
      env: without(environment, missing),
      encoding: "utf8",
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: "",
      stderr: `${name}: cannot start: ${missing} is missing\n`,
    });
  });
});
