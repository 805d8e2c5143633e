import type { PlannedFleet } from "../../backends/docker/fleetPlan.ts";
import { listed } from "../../fleet/listed.ts";
import type { Tenant } from "../../fleet/model.ts";
import { releaseId } from "../../fleet/release.ts";
import { printedDuration } from "../../fleet/rings/duration.ts";
import { type Arrival, schedule } from "../../fleet/rings/schedule.ts";
import { momentWords } from "../../fleet/rings/words.ts";
import { dispositionOf } from "../../fleet/tenant/state.ts";
import { type Change, difference } from "./change.ts";

/** How many tenants a ring's words name. */
const most = 5;

/**
 * The way of each release that tenants are to get through the rings, and when it arrives at the earliest. Nothing where
 * there is only one ring to go through, at once.
 *
 * @param now what the times are counted from: the edit is not in place before it is merged
 */
export function releaseWays(before: PlannedFleet, after: PlannedFleet, now: Date): Change[] {
  const old = new Map(before.fleet.tenants.map((tenant) => [tenant.name, releaseId(tenant.wanted)]));
  const moving = after.fleet.tenants.filter((tenant) => {
    const earlier = old.get(tenant.name);
    return earlier !== undefined && earlier !== releaseId(tenant.wanted) && dispositionOf(tenant.state).runs;
  });
  const ids = [...new Set(moving.map(({ wanted }) => releaseId(wanted)))];
  return ids.flatMap((id) => {
    const tenants = moving.filter(({ wanted }) => releaseId(wanted) === id);
    const [first] = tenants;
    if (first === undefined) return [];
    const rings = (all: readonly Tenant[]) => new Set(all.map(({ ring }) => ring));
    const having = after.fleet.tenants.filter(
      ({ wanted, state }) => releaseId(wanted) === id && dispositionOf(state).runs,
    );
    // A ring without any tenant was never to prove anything.
    const inhabited = rings(after.fleet.tenants);
    const arrivals = schedule(after.fleet.rings, rings(tenants), now, rings(having)).map((arrival) => ({
      ...arrival,
      without: arrival.without.filter((name) => inhabited.has(name)),
    }));
    const [only] = arrivals;
    const isPlain =
      arrivals.length === 1 &&
      only?.earliest?.getTime() === now.getTime() &&
      only.after.length + only.without.length === 0;
    if (isPlain) return [];
    const stops = arrivals.map((arrival) => stop(arrival, tenants, now));
    return [
      {
        subject: "rings",
        effect: "none",
        differences: [difference("rings", `${first.wanted.name} reaches ${stops.join("; then ")}`)],
        consequence:
          "each `pulumi up` goes on where the one before has stopped; a ring that had it before gets it back at once (docs/rings.md)",
      },
    ];
  });
}

function stop(arrival: Arrival, tenants: readonly Tenant[], now: Date): string {
  const here = tenants.filter(({ ring }) => ring === arrival.ring).map(({ name }) => name);
  return [`${arrival.ring} (${listed(here, most)})`, ...conditions(arrival, now)].join(", ");
}

function conditions(arrival: Arrival, now: Date): string[] {
  const { after, without, bakeSeconds, earliest, isHeld, waitsForWindow } = arrival;
  const unproven =
    without.length === 0 ? [] : [`without ${listed(without, most)}, where no tenant runs and asks for it`];
  const proof =
    after.length === 0
      ? []
      : [
          `when ${after.join(" and ")} ${after.length === 1 ? "is" : "are"} healthy with it${bakeSeconds === 0 ? "" : ` for ${printedDuration(bakeSeconds)}`}`,
        ];
  const time =
    earliest === undefined
      ? isHeld
        ? ["which is on hold"]
        : ["nobody knows when"]
      : earliest > now
        ? [`${waitsForWindow ? "in its window, " : ""}not before ${momentWords(earliest)}`]
        : proof.length === 0
          ? ["at once"]
          : [];
  return [...unproven, ...proof, ...time];
}
