import { ensureCompose, timeCompose } from "./composeRun.ts";
import { plansOf, prepareFleet, seconds } from "./fleets.ts";

const tenants = 10;
/** Five seconds was the best that compose did in trials: at 2 s the checks themselves take the processor. */
const composeInterval = 5;

/** Ten tenants from nothing to health, against docker-compose with the same images, limits and order. */
export async function bringUp(rounds: number): Promise<string> {
  await ensureCompose();
  const rows: string[] = [];
  for (let round = 1; round <= rounds; round++) {
    const fleet = await prepareFleet(tenants);
    const plans = plansOf(fleet);
    const compose = await timeCompose(plans, composeInterval);
    const ours = await seconds(() => fleet.up()).finally(() => fleet.destroy());
    rows.push(`| ${round} | ${compose.toFixed(1)} | ${ours.toFixed(1)} | ${(ours / compose).toFixed(2)} |`);
  }
  return [
    `| round | docker-compose, ${tenants} tenants, s | pulumi up, ${tenants} tenants and the host, s | ratio |`,
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
