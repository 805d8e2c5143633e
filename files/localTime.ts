import type { Fault } from "./fault.ts";
import { shown } from "./pasted.ts";
import { didYouMean } from "./suggestion.ts";

export const localTimePattern = "^([0-9]{4}-[0-9]{2}-[0-9]{2}T)?([01][0-9]|2[0-3]):[0-5][0-9]$";

export const hasDate = (localTime: string) => localTime.includes("T");

/** `22:00` in minutes since midnight. */
export function minutesOfDay(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

/** `22:00`, or `2026-12-05T22:00`. */
export function judgeLocalTime(value: string): Fault | undefined {
  if (new RegExp(localTimePattern).test(value)) {
    if (!hasDate(value) || isInCalendar(value)) return undefined;
    return { fault: `${shown(value)} is not a day of the calendar`, remedy: "Write a day that there is." };
  }
  const [, date, hours, minutes, zone] =
    /^\s*(?:(\d{4}-\d{2}-\d{2})[Tt ])?(\d{1,2})[:.](\d{2})(?::[0-9.]+)?\s*([Zz]|[+-]\d{2}:?\d{2})?\s*$/.exec(
      value,
    ) ?? [];
  if (zone !== undefined) {
    return {
      fault: `${shown(value)} has a time zone in it, and timeZone: says that`,
      remedy: `Write the time that a clock there shows, such as ${date === undefined ? "22:00" : `${date}T22:00`}.`,
    };
  }
  const meant =
    hours === undefined ? undefined : `${date ? `${date}T` : ""}${hours.padStart(2, "0")}:${minutes}`;
  if (meant !== undefined && meant !== value && judgeLocalTime(meant) === undefined) {
    return { fault: `${shown(value)} is not written as HH:MM`, remedy: `Write ${meant}.` };
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    return { fault: `${shown(value)} has no time`, remedy: `Write ${value}T22:00, for example.` };
  }
  if (/^24:00$/.test(value)) return { fault: '"24:00" is not a time', remedy: "Write 00:00." };
  return {
    fault: `${shown(value)} is neither a time of day nor a date with a time`,
    remedy: "Write 22:00 for a window every week, or 2026-12-05T22:00 for one that opens once.",
  };
}

/** 30 February is read as 2 March. */
function isInCalendar(localTime: string): boolean {
  const read = Date.parse(`${localTime}:00Z`);
  return !Number.isNaN(read) && new Date(read).toISOString().startsWith(localTime);
}

const timeZones = ["UTC", ...Intl.supportedValuesOf("timeZone")];

/** A place of the IANA time zone database. Abbreviations (`EST`, `CET`) are refused: they leave summer time open. */
export function judgeTimeZone(value: string): Fault | undefined {
  if (timeZones.includes(value)) return undefined;
  const folded = value.toLowerCase();
  const asWritten = timeZones.find((zone) => zone.toLowerCase() === folded);
  // Names of before and after: Europe/Kyiv is not in the list of every version of Node.
  if (asWritten === undefined && value.includes("/") && isKnown(value)) return undefined;
  const sameCity = timeZones.filter((zone) => cityOf(zone) === folded.replaceAll(" ", "_"));
  return {
    fault: `${shown(value)} is neither UTC nor a place of the time zone database`,
    remedy: didYouMean(value, sameCity.length > 0 ? [] : timeZones, cities(sameCity)),
  };
}

const cityOf = (zone: string) => zone.toLowerCase().split("/").at(-1);
const cities = (found: readonly string[]) =>
  found.length === 0
    ? "Write UTC or a place, such as Europe/Berlin."
    : `Did you mean ${found.slice(0, 3).join(" or ")}?`;

function isKnown(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}
