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
