import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { childCost, planArguments, writeFleet } from "../../bench/plan.ts";

/** The budget is 3 s; the rest is for a machine that does something else at the same time. */
const budget = { seconds: 3 * 4, rssMiB: 700 };

test("500 tenants are planned in a process of its own, within budget", async () => {
  const folder = mkdtempSync(join(tmpdir(), "olympus-fleet-plan-"));
  try {
    await writeFleet(folder, 500);
    const { seconds, rssMiB } = await childCost(planArguments(folder));
    expect(seconds).toBeLessThan(budget.seconds);
    expect(rssMiB).toBeGreaterThan(20);
    expect(rssMiB).toBeLessThan(budget.rssMiB);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
