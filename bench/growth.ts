import type { TestFleet } from "../test/harness/testFleet.ts";
import { fileOf, prepareFleet, seconds } from "./fleets.ts";

async function resources(fleet: TestFleet): Promise<{ total: number; ofOne: number }> {
  const state = JSON.parse(await fleet.stack.state()) as { deployment: { resources: { urn: string }[] } };
  const names = state.deployment.resources.map(({ urn }) => urn.split("::").at(-1) ?? "");
  return {
    total: names.length,
    ofOne: names.filter((name) => name === "t01" || name.startsWith("t01-")).length,
  };
}

/** What an `up` without a change and one more tenant cost at each size of the fleet. */
export async function growth(sizes: readonly number[]): Promise<string> {
  const rows: string[] = [];
  const [first = 5] = sizes;
  const fleet = await prepareFleet(first);
  try {
    for (const size of sizes) {
      await fleet.writeTenants(fileOf(size));
      await fleet.up();
      const noOp = await seconds(() => fleet.up("--expect-no-changes"));
      const { total, ofOne } = await resources(fleet);
      await fleet.writeTenants(fileOf(size + 1));
      const one = await seconds(() => fleet.up());
      rows.push(
        `| ${size} | ${total} | ${ofOne} | ${noOp.toFixed(1)} | ${((noOp / size) * 1000).toFixed(0)} | ${one.toFixed(1)} |`,
      );
    }
  } finally {
    await fleet.destroy();
  }
  return [
    "| tenants | resources | of one tenant | no-op up, s | no-op per tenant, ms | one more tenant, s |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** Many tenants in one `up`, from nothing: how often some failed, and the time against the first number of tenants. */
export async function atOnce(sizes: readonly number[]): Promise<string> {
  const rows: string[] = [];
  let first: number | undefined;
  for (const size of sizes) {
    const fleet = await prepareFleet(size);
    try {
      let failed = 0;
      const took = await seconds(async () => {
        const { exitCode, output } = await fleet.stack.up({ args: ["--parallel", "32"] });
        if (exitCode !== 0) failed = new Set(output.match(/\bt\d+(?=-gate-\w+\):)/g)).size || size;
      });
      first ??= took;
      rows.push(`| ${size} | ${failed} | ${took.toFixed(1)} | ${(took / first).toFixed(2)} |`);
    } finally {
      await fleet.destroy();
    }
  }
  return ["| tenants in one up | failed | s | times the first |", "| --- | --- | --- | --- |", ...rows].join(
    "\n",
  );
}
