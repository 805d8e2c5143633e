import { problemLine } from "../../files/problem.ts";
import { type RecordByHand, recordsByHand } from "../../fleet/dns/records.ts";
import type { Effect } from "../../fleet/effect.ts";
import { listed } from "../../fleet/listed.ts";
import { escaped, type HtmlColumn, htmlList, htmlTable } from "../page/html.ts";
import { htmlPage } from "../page/page.ts";
import { amount, share } from "./amount.ts";
import { certificateWords } from "./certificates.ts";
import { sentence } from "./change.ts";
import type { PlanDocument, StackDocument } from "./document.ts";
import { type Group, groups, summary } from "./groups.ts";
import { pageStyle } from "./pageStyle.ts";
import { fill, picture } from "./picture.ts";
import type { HostReport, StackReport, TenantReport } from "./stackReport.ts";

const effectWords: Readonly<Record<Effect, string>> = {
  destroys: "Destroys or moves data",
  interrupts: "Interrupts",
  "in-place": "In place",
  none: "On paper",
};

/** The plan as one page that needs nothing else: no script, no font, no picture from anywhere. */
export function page({ against, stacks }: PlanDocument): string {
  const sections = stacks.map((stack, index) => stackSection(`s${index}`, stack, against));
  const title = `Plan of ${listed(
    stacks.map(({ stack }) => stack),
    3,
  )}`;
  const from = against === undefined ? "What the files declare" : `Changes against ${escaped(against)}`;
  return htmlPage({
    title,
    lead: `<p class="quiet">${from}, worked out offline by olympus-fleet.</p>`,
    main: sections.map(({ html }) => html).join("\n"),
    css: `${pageStyle}${sections.map(({ css }) => css).join("\n")}`,
  });
}

function stackSection(
  id: string,
  { stack, problems, report, changes }: StackDocument,
  against: string | undefined,
): { html: string; css: string } {
  const heading = `<h2>Stack ${escaped(stack)}</h2>`;
  if (problems.length > 0) {
    const count = problems.length === 1 ? "One problem" : `${problems.length} problems`;
    return {
      html: `${heading}\n<p>${count}, no plan:</p>\n${htmlList(problems.map(problemLine), "problem")}`,
      css: "",
    };
  }
  const drawn = report === undefined ? undefined : picture(id, report, changes);
  const parts = [
    heading,
    ...(report === undefined ? [] : [overview(report)]),
    ...(changes === undefined
      ? []
      : [
          `<p><strong>${escaped(summary(changes))}</strong>${against === undefined ? "" : ` against ${escaped(against)}`}</p>`,
        ]),
    ...(changes === undefined || changes.refusals.length === 0
      ? []
      : ["<h3>Refused</h3>", htmlList(changes.refusals, "problem")]),
    ...(changes === undefined || groups(changes).length === 0
      ? []
      : ["<h3>Changes</h3>", ...groups(changes).map(groupHtml)]),
    ...(drawn === undefined ? [] : ["<h3>Hosts by memory</h3>", drawn.html]),
    ...(report === undefined ? [] : [tables(report)]),
  ];
  return { html: parts.join("\n"), css: drawn?.css ?? "" };
}

function overview(report: StackReport): string {
  const { tenants, hosts, domain, certificates, advice, warnings, elsewhere } = report;
  const counts = `${tenants.length} ${tenants.length === 1 ? "tenant" : "tenants"} at ${domain} on ${hosts.length} ${hosts.length === 1 ? "host" : "hosts"}, which are ${fill(report)}% reserved.`;
  const others = elsewhere.length === 0 ? "" : ` ${elsewhere.length} more are other stacks'.`;
  const certified = certificateWords(certificates);
  const lines = [
    ...warnings.map((line) => `Warning: ${line}`),
    ...(certified === "" ? [] : [`Certificates: ${certified}`]),
    ...advice.map((line) => `Advice: ${line}`),
  ];
  return [
    `<p>${escaped(counts + others)}</p>`,
    ...(lines.length === 0 ? [] : [htmlList(lines, "advice")]),
  ].join("\n");
}

function groupHtml({ names, kind, effect, changes }: Group): string {
  const title = `${listed(names, 12)}${kind === "stack" ? "" : ` (${kind})`}`;
  const lines = changes.map(
    (change) =>
      `<li><span class="effect ${change.effect}">${effectWords[change.effect]}:</span> ${escaped(sentence(change))}</li>`,
  );
  return `<div class="group ${effect}">
<p><span class="effect ${effect}">${effectWords[effect]}</span> <b>${escaped(title)}</b></p>
<ul>${lines.join("")}</ul>
</div>`;
}

function tables({ hosts, tenants, records }: StackReport): string {
  const hostColumns: HtmlColumn<HostReport>[] = [
    { head: "Host", of: ({ name }) => name },
    { head: "Engine", of: ({ address }) => address },
    { head: "Tenants", of: (host) => String(host.tenants), isNumber: true },
    { head: "Reserved", of: (host) => share(host.reservedMiB, host.availableMiB), isNumber: true },
    { head: "Limits", of: (host) => share(host.limitedMiB, host.limitBudgetMiB), isNumber: true },
    { head: "Networks", of: (host) => `${host.tenants} of ${host.networkSlots}`, isNumber: true },
    { head: "Certificates", of: ({ certificates }) => String(certificates), isNumber: true },
  ];
  const isPriced = tenants.some(({ cost }) => cost !== undefined);
  const hasClosed = tenants.some(({ state }) => state !== "active");
  const tenantColumns: HtmlColumn<TenantReport>[] = [
    { head: "Tenant", of: ({ name }) => name },
    ...(hasClosed ? [{ head: "State", of: ({ state }: TenantReport) => state }] : []),
    { head: "Host", of: ({ host }) => host },
    { head: "Ring", of: ({ ring }) => ring },
    { head: "Release", of: ({ release }) => release },
    { head: "Reserved", of: ({ reservedMiB }) => amount(reservedMiB), isNumber: true },
    { head: "Limit", of: ({ limitedMiB }) => amount(limitedMiB), isNumber: true },
    ...(isPriced
      ? [{ head: "Cost", of: ({ cost }: TenantReport) => (cost ?? 0).toFixed(2), isNumber: true }]
      : []),
    { head: "Network", of: ({ networks }) => networks.internal },
    { head: "Sign-in page", of: ({ urls }) => urls.login },
  ];
  const recordColumns: HtmlColumn<RecordByHand>[] = [
    { head: "Name", of: ({ name }) => name },
    { head: "Type", of: ({ type }) => type },
    { head: "Leads to", of: ({ content }) => content },
  ];
  const byHand = recordsByHand(records);
  return [
    htmlTable("Hosts", hostColumns, hosts),
    htmlTable("Tenants", tenantColumns, tenants),
    ...(byHand.length === 0 ? [] : [htmlTable("DNS records to make by hand", recordColumns, byHand)]),
  ].join("\n");
}
