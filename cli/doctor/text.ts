import { styleText } from "node:util";
import type { DoctorDocument, HostDocument } from "../../reports/doctor/document.ts";
import type { Finding, Level, Remedy } from "../../reports/doctor/finding.ts";
import type { Terminal } from "../command.ts";
import { type Column, table, wrapped } from "../table.ts";

type Screen = Pick<Terminal, "width" | "hasColor">;

const signs: Readonly<Record<Level, string>> = { error: "✖", warning: "▲", unknown: "?", ok: "✔" };
const colors = { error: "red", warning: "yellow", unknown: "gray", ok: "green" } as const;
const gravity: readonly Level[] = ["error", "warning", "unknown", "ok"];

const columns: readonly Column<Finding>[] = [
  { head: " ", of: ({ level }) => signs[level], rank: 0 },
  { head: "CHECK", of: ({ check }) => check, rank: 0 },
  { head: "FOUND", of: ({ found }) => found, rank: 0 },
];

/** The document for a terminal: per host a table of all findings, then what to do about those that are not fine. */
export function text({ stack, problems, hosts }: DoctorDocument, screen: Screen): string {
  if (problems.length > 0) {
    const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
    return `Stack ${stack}: ${count} in the files, no host was asked\n`;
  }
  return `${hosts.map((host) => hostText(host, screen).join("\n")).join("\n\n")}\n`;
}

function hostText({ host, address, role, findings }: HostDocument, screen: Screen): string[] {
  const bold = (words: string) => (screen.hasColor ? styleText("bold", words) : words);
  const counts = gravity.flatMap((level) => {
    const count = findings.filter((finding) => finding.level === level).length;
    return count === 0 ? [] : [`${count} ${countWord(level, count)}`];
  });
  const sorted = gravity.flatMap((level) => findings.filter((finding) => finding.level === level));
  const title = `${host}${role === "edge" ? " (edge)" : ""}  ${address}: ${counts.join(", ")}`;
  return [
    bold(title),
    ...table(columns, sorted, screen.width).map((line) => shortened(line, screen.width)),
    ...sorted.flatMap((finding) =>
      finding.level === "ok" ? [] : ["", ...remedyText(finding, host, screen)],
    ),
  ];
}

function countWord(level: Level, count: number): string {
  if (level === "ok") return "fine";
  return level === "unknown" || count === 1 ? level : `${level}s`;
}

/** What is cut off here stands in full with its remedy below, or is only fine. */
function shortened(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

function remedyText(finding: Exclude<Finding, { level: "ok" }>, host: string, screen: Screen): string[] {
  const { level, check, found, why, remedy } = finding;
  const head = `${signs[level]} ${check}: `;
  const colored = (words: string) => (screen.hasColor ? styleText(colors[level], words) : words);
  const [first = "", ...more] = wrapped(head, found, screen.width);
  return [
    colored(first),
    ...more,
    ...wrapped("  ", `${why} ${placeWords(remedy, host)}:`, screen.width),
    ...remedy.lines.map((line) => `    ${line}`),
  ];
}

function placeWords({ where, words }: Remedy, host: string): string {
  if (where === "file") return words ?? "In the files";
  const place = where === "host" ? `on ${host}` : "on this machine";
  return words === undefined ? `${place[0]?.toUpperCase()}${place.slice(1)}` : `${words} (${place})`;
}
