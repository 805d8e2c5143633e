import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Secrets, secretsOf, toldInLogs } from "../harness/tenantSecrets.ts";
import { fleetFile, TestFleet } from "../harness/testFleet.ts";

const tenant = {
  mail: { smtp: "main" },
  clients: { backend: { kind: "confidential", redirectUris: ["https://backend.example/callback"] } },
};
const smtp = "smtps://fleet:5eldom-Repeated-Passw0rd@mail.example:465/";

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: unknown;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

let fleet: TestFleet;
let secrets: Secrets;
let firstUp: string;
/** Every command line and environment that a process of ours had while the fleet came up. */
const seen = { commandLines: new Set<string>(), environments: new Set<string>() };

/** Looks at all processes of the machine for as long as `work` takes; what lives shorter than a look goes unseen. */
async function watchProcesses<T>(work: Promise<T>): Promise<T> {
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  work.then(end, end);
  const read = (pid: string, file: string) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
  while (!isDone) {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    for (const pid of pids) {
      const line = await read(pid, "cmdline");
      seen.commandLines.add(line);
      // What the containers themselves have in their environment is theirs; the scripts of some speak of Pulumi.
      const isContainer = line.startsWith("/bin/sh\0-ec\0");
      if (!isContainer && /pulumi|docker (exec|update|start)|^sh\0-s/.test(line)) {
        seen.environments.add(await read(pid, "environ"));
      }
    }
    await sleep(20);
  }
  return work;
}

const told = (where: Readonly<Record<string, string>>) => toldInLogs(new Map(Object.entries(where)), secrets);

beforeAll(async () => {
  fleet = await TestFleet.prepare(fleetFile({ acme: tenant }));
  await fleet.stack.setSecret("smtp-main", smtp);
  firstUp = (await watchProcesses(fleet.up())).output;

  const found = new Map(await secretsOf(fleet));
  found.set("the mail server's password", "5eldom-Repeated-Passw0rd");
  found.set("the passphrase", (await readFile(join(fleet.folder, "passphrase"), "utf8")).trim());
  const root = (await resources({ showSecrets: true })).find(({ urn }) => urn.endsWith("::acme-root-key"));
  found.set("the root key", plainText(root?.outputs?.result));
  const [backend] = Object.values((await fleet.stack.outputs()).fleet.acme?.clientSecrets ?? {});
  found.set("the client's secret, from the outputs", backend ?? "");
  secrets = found;
});
afterAll(() => fleet?.destroy());

/** A value of `stack export --show-secrets`, which wraps secrets in an object with their JSON. */
function plainText(value: unknown): string {
  if (typeof value === "string") return value;
  return JSON.parse((value as { plaintext: string }).plaintext) as string;
}

async function resources(options?: { showSecrets: boolean }): Promise<readonly Resource[]> {
  return JSON.parse(await fleet.stack.state(options)).deployment.resources as Resource[];
}

/** Every file below the fleet's folder, by path; the passphrase's own apart. */
async function files(): Promise<Record<string, string>> {
  const entries = await readdir(fleet.folder, { recursive: true, withFileTypes: true });
  const texts: Record<string, string> = {};
  for (const entry of entries) {
    if (!entry.isFile() || entry.name === "passphrase") continue;
    const path = join(entry.parentPath, entry.name);
    texts[path] = await readFile(path, "utf8");
  }
  return texts;
}

test("there are secrets to look for, and none is short enough to be found by chance", () => {
  expect([...secrets.keys()]).toEqual(
    expect.arrayContaining(["acme database", "acme kratos/cipher/1", "acme smtp-main", "the root key"]),
  );
  expect(secrets.size).toBeGreaterThan(15);
  for (const [what, secret] of secrets) expect(secret.length, what).toBeGreaterThanOrEqual(16);
});

describe("no secret in plain text", () => {
  test("in the backend's folder and the stack's configuration", async () => {
    const texts = await files();
    expect(Object.keys(texts).some((path) => path.endsWith("stacks/olympus/test.json"))).toBe(true);
    expect(Object.keys(texts).some((path) => path.endsWith("Pulumi.test.yaml"))).toBe(true);
    expect(told(texts)).toEqual([]);
  });

  test("in pulumi stack export", async () => {
    expect(told({ export: await fleet.stack.state() })).toEqual([]);
  });

  test("in a Command at all, not even encrypted: scripts travel and are printed when they fail", async () => {
    const commands = (await resources({ showSecrets: true })).filter(({ type }) =>
      type.startsWith("command:"),
    );
    expect(commands.length).toBeGreaterThan(5);
    expect(
      told(Object.fromEntries(commands.map((command) => [command.urn, JSON.stringify(command)]))),
    ).toEqual([]);
  });

  test("in what up prints, with every detail that it has for people", async () => {
    await fleet.writeTenants(fleetFile({ acme: { ...tenant, secrets: { generation: 2 } } }));
    const preview = await fleet.stack.preview({
      args: ["--diff", "--show-sames", "--show-reads"],
    });
    const json = await fleet.stack.preview({ args: ["--json", "--show-sames"] });
    expect(preview.exitCode).toBe(0);
    expect(preview.output).toContain("acme-kratos");
    expect(told({ up: firstUp, preview: preview.output, json: json.output })).toEqual([]);
  });

  test("on a command line while the fleet came up", () => {
    expect([...seen.commandLines].some((line) => line.includes("docker"))).toBe(true);
    expect(told({ commandLines: [...seen.commandLines].join("\n") })).toEqual([]);
  });

  test("in the environment of a tool, but for the stack's own secrets, which Pulumi hands to the program so", () => {
    expect(seen.environments.size).toBeGreaterThan(3);
    const ofTheStack = ["environments: acme smtp-main", "environments: the mail server's password"];
    const found = told({ environments: [...seen.environments].join("\n") });
    expect(found.filter((what) => !ofTheStack.includes(what))).toEqual([]);
  });
});

test("passphrase and configuration are readable by their owner alone, and so is the folder of the state", async () => {
  const mode = async (path: string) => ((await stat(join(fleet.folder, path))).mode & 0o777).toString(8);
  expect(await mode("passphrase")).toBe("600");
  expect(await mode("Pulumi.test.yaml")).toBe("600");
  expect(await mode("state")).toBe("700");
});
