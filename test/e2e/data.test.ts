import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caddyContainer } from "../../backends/docker/names.ts";
import { physicalName } from "../../fleet/names.ts";
import { internalUrls } from "../../fleet/tenant/context.ts";
import { services } from "../../fleet/tenant/parts.ts";
import { type Login, openBrowser, openWindow, signInAt, title } from "../harness/browser.ts";
import { callInside, makePerson } from "../harness/inside.ts";
import { addressesOf } from "../harness/tenantAddresses.ts";
import { fleetFile, TestFleet } from "../harness/testFleet.ts";
import { newPassword } from "../harness/twoTenants.ts";

const person: Login = { email: "here-before@people.example", password: newPassword() };
const identities = `${internalUrls.kratosAdmin}/admin/identities`;

let fleet: TestFleet;
let browser: Browser | undefined;
let login: string;

beforeAll(async () => {
  fleet = await TestFleet.prepare(fleetFile({ acme: {} }));
  await fleet.up();
  login = (await fleet.stack.outputs()).fleet.acme?.urls.login ?? "";
  browser = await openBrowser();
  await makePerson(fleet, "acme", person);
});
afterAll(async () => {
  await browser?.close();
  await fleet?.destroy();
});

/** Makes people one after the other, in four rows, for as long as it runs; prints the id of each that was confirmed. */
const writerScript = `
const row = async (number) => {
  for (let count = 0; ; count++) {
    const body = JSON.stringify({ schema_id: "default", traits: { email: "p" + number + "-" + count + "@x.example" } });
    const headers = { "content-type": "application/json" };
    const signal = AbortSignal.timeout(5000);
    await fetch("${identities}", { method: "POST", headers, body, signal })
      .then(async (answer) => (answer.status === 201 ? console.log((await answer.json()).id) : pause()))
      .catch(pause);
  }
};
const pause = () => new Promise((done) => setTimeout(done, 100));
for (const number of [1, 2, 3, 4]) row(number);
// A process in a container outlives the \`docker exec\` that started it, so it watches its input.
process.stdin.on("end", () => process.exit(0)).resume();
`;

interface Writer {
  readonly confirmed: readonly string[];
  /** Waits for so many more. */
  more(count: number): Promise<void>;
  stop(): Promise<void>;
}

function startWriting(): Writer {
  const confirmed: string[] = [];
  const process = execa("docker", ["exec", "-i", "acme-athena", "node", "-e", writerScript], {
    env: { DOCKER_HOST: fleet.dockerHost },
    reject: false,
    stdin: "pipe",
  });
  const lines = createInterface({ input: process.stdout });
  lines.on("line", (id) => confirmed.push(id));
  return {
    confirmed,
    async more(count) {
      const wanted = confirmed.length + count;
      for (const end = Date.now() + 60_000; confirmed.length < wanted; await sleep(50)) {
        if (Date.now() > end) throw new Error(`only ${confirmed.length} of ${wanted} people were confirmed`);
      }
    },
    async stop() {
      const ended = once(lines, "close");
      process.stdin?.end();
      await process;
      await ended;
    },
  };
}

const stateOf = async (container: string) => {
  const format = "{{.State.Pid}} {{.RestartCount}} {{.State.Running}}";
  const [pid, restarts, running] = (await fleet.docker("inspect", "--format", format, container)).split(" ");
  return { pid: Number(pid), restarts: Number(restarts), running: running === "true" };
};

/**
 * Kills the main process from outside, as the kernel does when memory is short. Not \`docker kill\`: the engine
 * takes that for somebody's wish and leaves the container down.
 */
async function killHard(container: string): Promise<void> {
  const { pid } = await stateOf(container);
  const rights = ["--network", "none", "--pid", "host", "--user", "0:0", "--entrypoint", "sh"];
  await fleet.docker("run", "--rm", ...rights, fleet.images.hera, "-c", `kill -KILL ${pid}`);
}

async function untilRestarted(container: string, restarts: number): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    const state = await stateOf(container);
    if (state.running && state.restarts > restarts) return;
    await sleep(200);
  }
  throw new Error(`${container} did not come back by itself`);
}

/** Signs in until it works, within a minute: services find their way back one after the other. */
async function signInWithinAMinute(): Promise<string | null> {
  if (!browser) throw new Error("there is no browser");
  const page = await openWindow(browser);
  const end = Date.now() + 60_000;
  for (;;) {
    const shown = await signInAt(page, login, person).then(
      () => title(page),
      () => "no page",
    );
    if (shown === "You are signed in" || Date.now() > end) {
      await page.context().close();
      return shown;
    }
    await sleep(1000);
  }
}

describe("Postgres killed with SIGKILL while people are being written", () => {
  test("comes back by itself and has everybody who was confirmed", async () => {
    const before = await stateOf("acme-postgres");
    const addresses = await addressesOf(fleet, "acme", "postgres");
    const writer = startWriting();
    await writer.more(20);
    await killHard("acme-postgres");
    await untilRestarted("acme-postgres", before.restarts);
    await writer.more(20);
    await writer.stop();

    const script = `
      const ids = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
      const found = async (id) => (await fetch("${identities}/" + id)).status === 200;
      (async () => {
        const lost = [];
        for (const id of ids) if (!(await found(id))) lost.push(id);
        console.log(JSON.stringify(lost));
      })();`;
    const { stdout } = await execa("docker", ["exec", "-i", "acme-athena", "node", "-e", script], {
      env: { DOCKER_HOST: fleet.dockerHost },
      input: JSON.stringify(writer.confirmed),
    });
    expect(writer.confirmed.length).toBeGreaterThanOrEqual(40);
    expect(JSON.parse(stdout)).toEqual([]);
    // The same place in the same networks, so that nothing else has to change.
    expect(await addressesOf(fleet, "acme", "postgres")).toEqual(addresses);
  });

  test("lets in who was there before", async () => {
    expect(await signInWithinAMinute()).toBe("You are signed in");
    const found = await callInside(fleet, "acme", `${identities}?credentials_identifier=${person.email}`);
    expect(JSON.parse(found.body)).toHaveLength(1);
  });
});

test("every service of a tenant, and Caddy, comes back by itself after a SIGKILL", async () => {
  const containers = [...services.map((service) => physicalName("acme", service)), caddyContainer];
  const before = await Promise.all(containers.map(stateOf));
  await Promise.all(containers.map(killHard));
  await Promise.all(
    containers.map((container, index) => untilRestarted(container, before[index]?.restarts ?? 0)),
  );
  expect(await signInWithinAMinute()).toBe("You are signed in");
});
