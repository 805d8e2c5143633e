import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { services } from "../fleet/tenant/parts.ts";
import type { TestFleet } from "../test/harness/testFleet.ts";
import { prepareFleet } from "./fleets.ts";

const identities = 2000;
/** Time for runtimes to give back what starting took. */
const settleSeconds = 30;

/**
 * Proportional set size of a container's processes, in MiB: shared pages are divided among their users, so that
 * sums over containers are right.
 */
async function pssMiB(fleet: TestFleet, container: string): Promise<number> {
  const top = await fleet.docker("top", container, "-eo", "pid");
  const pids = top.split("\n").slice(1).filter(Boolean);
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid.trim()}/smaps_rollup`, "utf8").catch(() => "");
      return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}

/** Makes identities in one request per hundred, from inside the tenant's network. */
async function fillTenant(fleet: TestFleet): Promise<void> {
  const script = `
    const all = ${identities}, batch = 100;
    for (let from = 0; from < all; from += batch) {
      const identities = Array.from({ length: batch }, (_, index) => ({
        create: { schema_id: "default", traits: { email: \`person\${from + index}@example.org\` } },
      }));
      const answer = await fetch("http://kratos:5001/admin/identities", {
        method: "PATCH",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ identities }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    }
    for (let page = 0; page < 20; page++) {
      await (await fetch(\`http://kratos:5001/admin/identities?per_page=100&page=\${page}\`)).text();
    }`;
  await fleet.docker("exec", "t01-hera", "node", "--input-type=module", "-e", script);
}

/** Memory of one tenant, idle and after use. Needs root: it reads other processes' memory maps. */
export async function memory(): Promise<string> {
  const fleet = await prepareFleet(1);
  try {
    await fleet.up();
    const measure = async () => {
      await sleep(settleSeconds * 1000);
      const sizes = await Promise.all(services.map((service) => pssMiB(fleet, `t01-${service}`)));
      return [...sizes, sizes.reduce((sum, size) => sum + size, 0)];
    };
    const idle = await measure();
    await fillTenant(fleet);
    const used = await measure();
    return [
      `| service | idle, MiB | with ${identities} identities, MiB |`,
      "| --- | --- | --- |",
      ...[...services, "**tenant**"].map(
        (name, index) => `| ${name} | ${idle[index]?.toFixed(1)} | ${used[index]?.toFixed(1)} |`,
      ),
    ].join("\n");
  } finally {
    await fleet.destroy();
  }
}
