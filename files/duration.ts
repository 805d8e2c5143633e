import { printedDuration } from "../fleet/rings/duration.ts";
import type { Fault } from "./fault.ts";
import { shown } from "./pasted.ts";

const unitSeconds = { m: 60, h: 3600, d: 86_400 } as const;
type Unit = keyof typeof unitSeconds;

const longestSeconds = 90 * unitSeconds.d;

export const durationPattern = "^(0|[1-9][0-9]*)[mhd]$";

/** `30m`, `24h` or `2d` in seconds; undefined when it is none, or above 90 days. */
export function durationSeconds(text: string): number | undefined {
  if (!new RegExp(durationPattern).test(text)) return undefined;
  const seconds = secondsOf(Number(text.slice(0, -1)), text.slice(-1));
  return seconds !== undefined && seconds <= longestSeconds ? seconds : undefined;
}

const isUnit = (text: string): text is Unit => Object.hasOwn(unitSeconds, text);
const secondsOf = (amount: number, unit: string) => (isUnit(unit) ? amount * unitSeconds[unit] : undefined);

const example = "Write 30m, 24h or 2d, for example.";

/** A length of time as people write it: a whole number with a unit. */
export function judgeDuration(value: string): Fault | undefined {
  if (durationSeconds(value) !== undefined) return undefined;
  const [, sign = "", amount, unit = ""] =
    /^\s*([+-]?)([0-9]+(?:[.,][0-9]+)?)\s*([a-z]*)\s*$/i.exec(value) ?? [];
  if (amount === undefined) return { fault: `${shown(value)} is not a length of time`, remedy: example };
  if (sign === "-") return { fault: `${shown(value)} is below 0`, remedy: example };
  if (unit === "") return { fault: `${shown(value)} has no unit`, remedy: withUnit(amount) };
  const meant = meantSeconds(Number(amount.replace(",", ".")), unit);
  if (meant === undefined)
    return { fault: `${shown(value)} is not in minutes, hours or days`, remedy: example };
  if (meant > longestSeconds) return { fault: `${shown(value)} is above 90d`, remedy: "Write 90d or less." };
  const remedy = meant % unitSeconds.m === 0 ? `Write ${printedDuration(meant)}.` : example;
  const isFraction = /[.,]/.test(amount);
  const fault = `${shown(value)} is ${isFraction ? "not a whole number" : "not written with m, h or d"}`;
  return { fault, remedy };
}

function withUnit(amount: string): string {
  if (/[.,]/.test(amount)) return example;
  const number = Number(amount);
  if (number === 0) return "Write 0m, or remove the line.";
  return `Write ${number}m for minutes, ${number}h for hours or ${number}d for days.`;
}

/** In seconds, of a unit as other programs and people write it: `hours`, `H`, `min`, `w`. */
function meantSeconds(amount: number, unit: string): number | undefined {
  const [, word] =
    /^(s(?=$|ec)|m(?=$|ins?$|inutes?$)|h(?=$|rs?$|ours?$)|d(?=$|ays?$)|w(?=$|eeks?$))/i.exec(unit) ?? [];
  switch (word?.toLowerCase()) {
    case "s":
      return amount;
    case "w":
      return amount * 7 * unitSeconds.d;
    default:
      return word === undefined ? undefined : secondsOf(amount, word.toLowerCase());
  }
}
