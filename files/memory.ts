import type { Fault } from "./fault.ts";
import { shown } from "./pasted.ts";

export const memoryPattern = "^(0|[1-9][0-9]*)(\\.[0-9]+)?(MiB|GiB)$";

/** `192MiB` or `1.5GiB` in MiB; undefined when it is neither or not whole. */
export function mebibytes(text: string): number | undefined {
  if (!new RegExp(memoryPattern).test(text)) return undefined;
  const amount = Number(text.slice(0, -3)) * (text.endsWith("GiB") ? 1024 : 1);
  return Number.isInteger(amount) && amount > 0 && amount <= 2 ** 30 ? amount : undefined;
}

export function judgeMemory(value: string): Fault | undefined {
  if (mebibytes(value) !== undefined) return undefined;
  const [, amount, unit] = /^\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)\s*$/i.exec(value) ?? [];
  if (amount === undefined || unit === undefined) {
    return {
      fault: `${shown(value)} is not an amount of memory`,
      remedy: "Write 192MiB or 2GiB, for example.",
    };
  }
  const meant = inMemoryUnit(Number(amount), unit);
  if (unit === "")
    return {
      fault: `${shown(value)} has no unit`,
      remedy: `Write ${amount}MiB or another amount in MiB or GiB.`,
    };
  if (meant === undefined || mebibytes(meant) === undefined) {
    return {
      fault: `${shown(value)} is not a whole amount of MiB or GiB`,
      remedy: "Write 192MiB or 2GiB, for example.",
    };
  }
  return { fault: `${shown(value)} is not written in MiB or GiB`, remedy: `Write ${meant}.` };
}

/** An amount with the unit that was meant, as other programs write it: `Gi`, `GB`, `g`, `TiB`. */
function inMemoryUnit(amount: number, unit: string): string | undefined {
  const [letter] = /^[kmgt](?=i?b?$)/i.exec(unit)?.map((found) => found.toLowerCase()) ?? [];
  switch (letter) {
    case "k":
      return `${amount / 1024}MiB`;
    case "m":
      return `${amount}MiB`;
    case "g":
      return `${amount}GiB`;
    case "t":
      return `${amount * 1024}GiB`;
    default:
      return undefined;
  }
}

export function printedMemory(amountMiB: number): string {
  return amountMiB >= 1024 && amountMiB % 256 === 0
    ? `${amountMiB / 1024}GiB`
    : `${Math.floor(amountMiB)}MiB`;
}
