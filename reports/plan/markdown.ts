import { problemLine } from "../../files/problem.ts";
import { recordsByHand } from "../../fleet/dns/records.ts";
import type { Effect } from "../../fleet/effect.ts";
import { listed } from "../../fleet/listed.ts";
import { visible } from "../../fleet/visible.ts";
import { amount, share } from "./amount.ts";
import { certificateWords } from "./certificates.ts";
import { sentence } from "./change.ts";
import type { PlanDocument, StackDocument } from "./document.ts";
import { type Group, groups, summary } from "./groups.ts";
import type { StackReport } from "./stackReport.ts";

/** A pull request's comment may have 65,536 characters; the workflow that posts it adds some of its own. */
const maxBytes = 50_000;
/** Lines of one table or list; the rest is counted. */
const maxLines = 100;

const signs: Readonly<Record<Effect, string>> = {
  destroys: "❌ destroys",
  interrupts: "⚠️ interrupts",
  "in-place": "✅ in place",
  none: "▫️ on paper",
};

/** The plan as a comment for a pull request: the verdict first, details folded, cut where GitHub would refuse it. */
export function markdown({ against, stacks }: PlanDocument): string {
  const verdicts = stacks.map((stack) => `**${code(stack.stack)}**: ${verdict(stack, against)}`);
  const blocks = [verdicts.join("\n\n"), ...stacks.flatMap((stack) => stackBlocks(stack, stacks.length > 1))];
  return `${cut(blocks).join("\n\n")}\n`;
}

function verdict({ problems, report, changes }: StackDocument, against: string | undefined): string {
  if (problems.length > 0)
    return `${problems.length === 1 ? "1 problem" : `${problems.length} problems`}, no plan`;
  if (changes !== undefined) return `${summary(changes)} (against ${code(against ?? "")})`;
  return report === undefined
    ? "nothing"
    : `${report.tenants.length} tenants on ${report.hosts.length} hosts`;
}

function stackBlocks({ stack, problems, report, changes }: StackDocument, isOneOfSeveral: boolean): string[] {
  const heading = isOneOfSeveral ? [`#### Stack ${code(stack)}`] : [];
  if (problems.length > 0) return [...heading, list(problems.map(problemLine))];
  const refusals = changes?.refusals ?? [];
  return [
    ...heading,
    ...(refusals.length === 0 ? [] : [`**Refused**\n\n${list(refusals)}`]),
    ...(report?.warnings ?? []).map((line) => `**Warning**: ${plain(line)}`),
    ...(changes === undefined ? [] : groups(changes)).map(groupBlock),
    ...(report === undefined ? [] : reportBlocks(report)),
  ];
}

function groupBlock({ names, kind, effect, changes }: Group): string {
  const title = `${signs[effect]}: ${listed(names.map(bold), 8)}${kind === "stack" ? "" : ` (${kind})`}`;
  const lines = changes.map((change) => `${signs[change.effect]}: ${sentence(change)}`);
  // What a reviewer must not miss is not folded.
  const isOpen = effect === "destroys" || effect === "interrupts";
  return folded(title, list(lines), isOpen);
}

function reportBlocks({ hosts, tenants, elsewhere, records, certificates, advice }: StackReport): string[] {
  const certified = certificateWords(certificates);
  const isPriced = tenants.some(({ cost }) => cost !== undefined);
  const hostRows = hosts.map((host) => [
    host.name,
    String(host.tenants),
    share(host.reservedMiB, host.availableMiB),
    share(host.limitedMiB, host.limitBudgetMiB),
    `${host.tenants} of ${host.networkSlots}`,
    String(host.certificates),
  ]);
  const hasClosed = tenants.some(({ state }) => state !== "active");
  const tenantRows = tenants.map(
    ({ name, state, host, ring, release, reservedMiB, limitedMiB, cost, urls }) => [
      name,
      ...(hasClosed ? [state] : []),
      host,
      ring,
      release,
      amount(reservedMiB),
      amount(limitedMiB),
      ...(isPriced ? [(cost ?? 0).toFixed(2)] : []),
      urls.login,
    ],
  );
  const recordRows = recordsByHand(records).map(({ name, type, content }) => [name, type, content]);
  const tenantHead = [
    "tenant",
    ...(hasClosed ? ["state"] : []),
    "host",
    "ring",
    "release",
    "reserved",
    "limit",
    ...(isPriced ? ["cost"] : []),
    "login",
  ];
  return [
    ...(certified === "" ? [] : [`**Certificates**: ${plain(certified)}`]),
    ...advice.map((line) => `**Advice**: ${plain(line)}`),
    folded(
      "Hosts",
      table(["host", "tenants", "reserved", "limits", "networks", "certificates"], hostRows),
      false,
    ),
    ...(tenants.length === 0
      ? []
      : [folded(`Tenants: ${tenants.length}`, table(tenantHead, tenantRows), false)]),
    ...(recordRows.length === 0
      ? []
      : [
          folded(
            `DNS records to make by hand: ${recordRows.length}`,
            table(["name", "type", "leads to"], recordRows),
            false,
          ),
        ]),
    ...(elsewhere.length === 0
      ? []
      : [
          `Of other stacks: ${listed(
            elsewhere.map(({ name }) => code(name)),
            20,
          )}`,
        ]),
  ];
}

/** Whole blocks until the room is used up, so that no table or fold stays open. */
function cut(blocks: readonly string[]): string[] {
  const kept: string[] = [];
  let room = maxBytes;
  for (const block of blocks) {
    room -= Buffer.byteLength(block) + 2;
    if (room < 0) {
      const note = `**Cut here**: ${blocks.length - kept.length} of ${blocks.length} parts are left out. \`npm run fleet -- plan\` shows all.`;
      return [...kept, note];
    }
    kept.push(block);
  }
  return kept;
}

const folded = (title: string, body: string, isOpen: boolean) =>
  `<details${isOpen ? " open" : ""}><summary>${title}</summary>\n\n${body}\n\n</details>`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const shown = rows.slice(0, maxLines).map((cells) => line(cells.map(plain)));
  return [line(head), line(head.map(() => "---")), ...shown].join("\n") + more(rows.length);
}

function list(lines: readonly string[]): string {
  return (
    lines
      .slice(0, maxLines)
      .map((line) => `- ${plain(line)}`)
      .join("\n") + more(lines.length)
  );
}

const more = (count: number) => (count > maxLines ? `\n\n… and ${count - maxLines} more` : "");

/** Values of the files are their author's: they must not call people, link, or end a table. */
function plain(text: string): string {
  return (
    visible(text)
      .replace(/\s+/g, " ")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/[\\`*_~[\]|#]/g, "\\$&")
      // A space without width: the name is read, and nobody is called.
      .replace(/@(?=\w)/g, "@\u200b")
  );
}

const code = (text: string) => `\`${visible(text).replaceAll("`", "'")}\``;
/** Inside a summary GitHub reads HTML, not Markdown. */
const bold = (text: string) => `<b>${visible(text).replace(/[<>&]/g, "")}</b>`;
