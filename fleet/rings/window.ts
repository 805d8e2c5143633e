import { Temporal } from "temporal-polyfill";
import { type Weekday, type Window, weekdays } from "./ring.ts";

type Weekly = Extract<Window, { kind: "weekly" }>;

/** A stretch of time: `from` belongs to it, `to` does not. */
interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** Whether a ring may be touched now. */
export const isOpen = (window: Window, now: Date): boolean =>
  spans(window, now).some(({ from, to }) => from <= now && now < to);

/** When it is open next, which is now where it is open. Undefined where it has been for the last time. */
export function nextOpening(window: Window, now: Date): Date | undefined {
  const next = spans(window, now).find(({ to }) => now < to);
  if (next === undefined) return undefined;
  return next.from < now ? now : next.from;
}

/** The last moment of a window that is open once; undefined for one that comes every week. */
export const endOf = (window: Window): Date | undefined =>
  window.kind === "once" ? instant(window.to, window.timeZone) : undefined;

/** Those that may contain the moment, or come next. */
function spans(window: Window, now: Date): Span[] {
  if (window.kind === "once") {
    return [{ from: instant(window.from, window.timeZone), to: instant(window.to, window.timeZone) }];
  }
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(window.timeZone)
    .toPlainDate();
  // Yesterday's may go on until tomorrow, and two weeks have each day in them twice: a change of clocks may leave out one.
  return Array.from({ length: 16 }, (_, days) => today.add({ days: days - 1 }))
    .filter((day) => window.days.includes(weekday(day)))
    .map((day) => spanOf(day, window))
    .filter(({ from, to }) => from < to);
}

function spanOf(day: Temporal.PlainDate, { from, to, timeZone }: Weekly): Span {
  const last = to <= from ? day.add({ days: 1 }) : day;
  return { from: instant(`${day}T${from}`, timeZone), to: instant(`${last}T${to}`, timeZone) };
}

const weekday = ({ dayOfWeek }: Temporal.PlainDate): Weekday => weekdays[dayOfWeek - 1] ?? "mon";

/** A local time that a change of clocks leaves out is the one an hour later; one that comes twice, the first. */
function instant(local: string, timeZone: string): Date {
  const { epochMilliseconds } = Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone);
  return new Date(epochMilliseconds);
}
