import { once } from "node:events";
import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileBackend } from "../../lab/stack/backend.ts";
import { FleetStack, type RunResult } from "../../lab/stack/fleetStack.ts";
import { ensurePulumi } from "../../lab/toolchain/pulumi.ts";
import { fleetFile } from "../harness/testFleet.ts";

let folder: string;
/** Speaks HTTP on a socket, and claims to be an engine of 2019. */
const oldEngine = createServer((_, response) => response.end('{"ApiVersion":"1.40"}'));
const denied = () => join(folder, "denied.sock");
const deniedEngine = createServer();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "olympus-test-"));
  await writeFile(join(folder, "tenants.yaml"), fleetFile({ acme: {} }));
  await once(oldEngine.listen(join(folder, "old.sock")), "listening");
  await once(deniedEngine.listen(denied()), "listening");
  await chmod(denied(), 0o600);
  if (process.getuid?.() === 0) await chown(denied(), 65534, 65534);
  else await chmod(denied(), 0o000);
});
afterAll(async () => {
  oldEngine.close();
  deniedEngine.close();
  await rm(folder, { recursive: true, force: true });
});

/**
 * The CLI as somebody without rights to the socket runs it. Root may open whatever it likes, unless it lacks the
 * two capabilities that say so.
 */
async function withoutRights(pulumi: string): Promise<string> {
  if (process.getuid?.() !== 0) return pulumi;
  const wrapper = join(folder, "pulumi");
  const drop = "setpriv --bounding-set=-dac_override,-dac_read_search";
  await writeFile(wrapper, `#!/bin/sh\nexec ${drop} ${pulumi} "$@"\n`, { mode: 0o755 });
  return wrapper;
}

async function stackAt(name: string, socket: string, limited = false): Promise<FleetStack> {
  const toolchain = await ensurePulumi();
  return FleetStack.open({
    name,
    folder,
    toolchain: limited ? { ...toolchain, pulumi: await withoutRights(toolchain.pulumi) } : toolchain,
    backend: await fileBackend(folder),
    config: {
      tenantsFile: join(folder, "tenants.yaml"),
      hosts: { local: { address: `unix://${socket}`, memory: "8GiB" } },
    },
  });
}

/** The error as a person sees it, without the frame that Pulumi puts around. */
function complaint({ exitCode, output }: RunResult): string[] {
  expect(exitCode).not.toBe(0);
  expect(output).not.toMatch(/^\s+at /m); // no stack trace
  const [, told = ""] = output.split(/^Diagnostics:$/m);
  return told.split("\n").filter((line) => line.includes("host local:"));
}

/** Types of what a failed run has left in the state. */
async function made(stack: FleetStack): Promise<string[]> {
  const { deployment } = JSON.parse(await stack.state()) as {
    deployment: { resources?: { type: string }[] };
  };
  return (deployment.resources ?? []).map(({ type }) => type);
}

test("no engine at the address: one line with what to do, nothing made, and a preview all the same", async () => {
  const socket = join(folder, "nowhere.sock");
  const stack = await stackAt("absent", socket);
  expect((await stack.preview()).output).toMatch(/\+ 37 to create/);
  expect(complaint(await stack.up())).toEqual([
    `    host local: no Docker engine answers at unix://${socket}. ` +
      "Start it (sudo systemctl start docker), or write another address under olympus:hosts.local.",
  ]);
  expect(await made(stack)).toEqual(["pulumi:pulumi:Stack"]);
});

test("no rights to the socket", async () => {
  const stack = await stackAt("denied", denied(), true);
  expect(complaint(await stack.up())).toEqual([
    `    host local: no right to use the Docker engine at unix://${denied()}. ` +
      "Add yourself to its group (sudo usermod -aG docker $USER), log in again, and retry.",
  ]);
});

test("an engine that is too old", async () => {
  const socket = join(folder, "old.sock");
  const [line] = complaint(await (await stackAt("old", socket)).up());
  expect(line).toContain(
    `the Docker engine at unix://${socket} speaks API 1.40; 1.41 (Docker 20.10) is the oldest`,
  );
});
