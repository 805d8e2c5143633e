import { printedDuration } from "../../fleet/rings/duration.ts";
import { endOf, nextOpening } from "../../fleet/rings/window.ts";
import type { Fault } from "../fault.ts";
import { fault } from "../files.ts";
import { hasDate, minutesOfDay } from "../localTime.ts";
import type { WindowEntry } from "../ringFields.ts";
import { ringEntries, windowOf } from "../rings.ts";
import type { Rule } from "./rule.ts";

/**
 * A gate's step may take 15 minutes and waits before it for services to be healthy (fleet/tenant/plan.ts, `limits`). In less
 * than twice that no tenant is sure to be done.
 */
const shortestMinutes = 30;
const minutesPerDay = 24 * 60;

/** Windows are of one kind, long enough for one tenant, and not over. */
export const window: Rule = ({ tenants, input }) =>
  [...ringEntries(tenants)].flatMap(([name, { window: written }]) => {
    if (written === undefined) return [];
    const found = mixed(written) ?? emptyOrShort(written) ?? over(written, input.now);
    if (found === undefined) return [];
    const { at, ...what } = found;
    return [fault(tenants, ["rings", name, "window", ...at], what)];
  });

type Found = Fault & { readonly at: readonly string[] };

function mixed({ days, from, to }: WindowEntry): Found | undefined {
  const odd = Object.entries({ from, to }).find(([, time]) => hasDate(time) === (days !== undefined));
  if (odd === undefined) return undefined;
  const [field, time] = odd;
  if (days === undefined) {
    return {
      at: [field],
      fault: `${time} has no date, and the window has no days`,
      remedy: `Write days: [sat, sun] beside it for a window every week, or a date: ${field}: 2026-12-05T${time}.`,
    };
  }
  return {
    at: [field],
    fault: `${time} has a date, and days: makes it a window every week`,
    remedy: `Write ${field}: ${time.slice(time.indexOf("T") + 1)}, or remove days: for a window that opens once.`,
  };
}

function emptyOrShort(written: WindowEntry): Found | undefined {
  const { days, from, to } = written;
  if (from === to) {
    const whole = days === undefined ? "" : " For a whole day: from: 00:00, to: 23:59.";
    const remedy = `Write a later time, at least ${shortestMinutes} minutes after from:.${whole}`;
    return { at: ["to"], fault: `${to} is the same as from:, and the window would never be open`, remedy };
  }
  if (days === undefined && to < from) {
    const remedy = `Write a time after ${from}.`;
    return {
      at: ["to"],
      fault: `${to} is before from: (${from}), and the window would never be open`,
      remedy,
    };
  }
  const minutes = days === undefined ? minutesOnce(written) : minutesUntil(from, to);
  if (minutes >= shortestMinutes) return undefined;
  return {
    at: [],
    fault: `is open for ${printedDuration(minutes * 60)}, shorter than a gate, which may wait 15m for one step of one tenant`,
    remedy: `Write a to: at least ${shortestMinutes} minutes after from:.`,
  };
}

/** By the clock on the wall: twice a year the clocks change within such a window. */
const minutesUntil = (from: string, to: string) =>
  (minutesOfDay(to) - minutesOfDay(from) + minutesPerDay) % minutesPerDay;

/** Really: from 02:30 to 03:30 in the night in which 02:00 is 03:00 is no time at all. */
function minutesOnce(written: WindowEntry): number {
  const window = windowOf(written);
  const [from, to] = [nextOpening(window, new Date(0)), endOf(window)];
  return Math.max(0, ((to?.getTime() ?? 0) - (from?.getTime() ?? 0)) / 60_000);
}

function over(written: WindowEntry, now: Date | undefined): Found | undefined {
  const end = endOf(windowOf(written));
  if (end === undefined || now === undefined || now < end) return undefined;
  return {
    at: [],
    fault: `the window ended at ${written.to}, ${written.timeZone}`,
    remedy: "Write the next one, or remove window: to let the ring go on at any time.",
  };
}
