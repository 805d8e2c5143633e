import { listed } from "../../fleet/listed.ts";
import { escaped, type HtmlColumn, htmlTable } from "../page/html.ts";
import { htmlPage } from "../page/page.ts";
import { amount } from "../plan/amount.ts";
import type { StatusDocument } from "./document.ts";
import { pageStyle } from "./pageStyle.ts";
import { picture } from "./picture.ts";
import { healthyWords, type RingStatus, ringWaitWords } from "./rings.ts";
import type { HostStatus, TenantStatus } from "./status.ts";
import { type Verdict, verdicts } from "./verdict.ts";
import {
  certificateWords,
  databaseWords,
  dataWords,
  leftWords,
  releasesWords,
  releaseWords,
  restartWords,
  serviceWords,
  tenantWords,
  verdictWords,
} from "./words.ts";

/**
 * The status as one page: what is wrong first, then the fleet as a picture, then everything as tables.
 *
 * @param refreshSeconds for a screen that nobody touches. Default: the page stays as it is
 */
export function page(document: StatusDocument, refreshSeconds?: number): string {
  const { stack, asked, verdict } = document;
  const drawn = picture(document);
  const time = `<time datetime="${asked}">${timeWords(asked)}</time>`;
  const refreshed =
    refreshSeconds === undefined
      ? ""
      : ` This page loads itself again every ${refreshSeconds} s: when the time stands still, nobody asks any more.`;
  return htmlPage({
    title: `Status of ${stack}`,
    lead: `<p class="verdict ${verdict}">${capital(verdictWords[verdict])}</p>
<p class="asked">Asked ${time}.${refreshed}</p>
<p>${escaped(counts(document))}</p>`,
    main: [wrong(document), `<h2>Fleet</h2>`, drawn.html, "<h2>All of it</h2>", tables(document)].join("\n"),
    css: `${pageStyle}${drawn.css}`,
    refreshSeconds,
  });
}

/** `2026-11-28 12:00:03 UTC`. */
const timeWords = (time: string) => `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;

const capital = (words: string) => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;

/** `14 tenants: 1 ill, 2 unknown, 11 well. 3 hosts: 1 ill, 2 well.` */
const counts = ({ tenants, hosts }: StatusDocument) =>
  `${countOf("tenant", tenants)} ${countOf("host", hosts)}`;

function countOf(what: string, parts: readonly { readonly verdict: Verdict }[]): string {
  const found = verdicts.flatMap((verdict) => {
    const count = parts.filter((part) => part.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  const total = `${parts.length} ${what}${parts.length === 1 ? "" : "s"}`;
  return found.length === 0 ? `${total}.` : `${total}: ${found.join(", ")}.`;
}

/** What is ill before what nobody knows, and hosts before their tenants. */
function wrong({ hosts, tenants }: StatusDocument): string {
  const parts = [
    ...hosts.map(({ host, ...rest }) => ({ name: `Host ${host}`, ...rest })),
    ...tenants.map(({ tenant, ...rest }) => ({ name: tenant, ...rest })),
  ];
  const told = verdicts.flatMap((verdict) =>
    parts.filter((part) => part.verdict === verdict && part.complaints.length > 0),
  );
  // A silent host has told why: its tenants would only repeat it.
  const unasked = tenants.filter(
    ({ verdict, complaints }) => verdict === "unknown" && complaints.length === 0,
  );
  const groups = [
    ...told.map(({ name, verdict, complaints }) => group(name, verdict, complaints)),
    ...(unasked.length === 0
      ? []
      : [
          group(
            listed(
              unasked.map(({ tenant }) => tenant),
              12,
            ),
            "unknown",
            [`not everything of ${unasked.length === 1 ? "it" : "them"} could be asked`],
          ),
        ]),
  ];
  return groups.length === 0
    ? ""
    : `<h2>What is wrong</h2>\n<div class="groups">\n${groups.join("\n")}\n</div>`;
}

const group = (name: string, verdict: Verdict, complaints: readonly string[]) =>
  `<div class="group ${verdict}">
<h3>${escaped(name)} <em class="${verdict}">${verdict}</em></h3>
<ul>${complaints.map((line) => `<li>${escaped(`${capital(line)}.`)}</li>`).join("")}</ul>
</div>`;

function tables(document: StatusDocument): string {
  const { rings, hosts, tenants } = document;
  const ringColumns: HtmlColumn<RingStatus>[] = [
    { head: "Ring", of: ({ ring }) => ring },
    { head: "Status", of: ({ verdict }) => verdict },
    { head: "Tenants", of: (ring) => String(ring.tenants.length), isNumber: true },
    { head: "Release", of: ({ running, releases }) => releasesWords(running, releases) },
    ...(rings.some(({ waits }) => waits !== undefined)
      ? [
          { head: "Healthy with, since", of: healthyWords },
          { head: "Waits", of: ringWaitWords },
        ]
      : []),
  ];
  const hostColumns: HtmlColumn<HostStatus>[] = [
    { head: "Host", of: ({ host }) => host },
    { head: "Status", of: ({ verdict }) => verdict },
    {
      head: "Tenants",
      of: ({ host }) => String(tenants.filter((one) => one.host === host).length),
      isNumber: true,
    },
    { head: "Disk free", of: ({ space }) => (space ? amount(space.freeMiB) : "?"), isNumber: true },
    { head: "Disk size", of: ({ space }) => (space ? amount(space.totalMiB) : "?"), isNumber: true },
    { head: "Inodes free", of: ({ space }) => (space ? inodes(space.inodes?.free) : "?"), isNumber: true },
    { head: "Folder", of: ({ space }) => space?.folder ?? "?" },
  ];
  const tenantColumns: HtmlColumn<TenantStatus>[] = [
    { head: "Tenant", of: ({ tenant }) => tenant },
    { head: "Status", of: tenantWords },
    { head: "Host", of: ({ host }) => host },
    { head: "Ring", of: ({ ring }) => ring },
    { head: "Release", of: releaseWords },
    { head: "Services", of: serviceWords },
    { head: "Database", of: databaseWords },
    { head: "Data", of: dataWords, isNumber: true },
    { head: "Left", of: (one) => leftWords(one, hosts), isNumber: true },
    { head: "Certificate", of: certificateWords, isNumber: true },
    { head: "Restarts", of: restartWords, isNumber: true },
  ];
  return [
    htmlTable("Rings", ringColumns, rings),
    htmlTable("Hosts", hostColumns, hosts),
    htmlTable("Tenants", tenantColumns, tenants),
  ].join("\n");
}

/** File systems without a fixed number have none to run out of. */
const inodes = (count: number | undefined) => (count === undefined ? "-" : String(count));
