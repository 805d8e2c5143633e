import { escaped } from "../page/html.ts";
import { amount, percent } from "../plan/amount.ts";
import type { StatusDocument } from "./document.ts";
import type { HostStatus, TenantStatus } from "./status.ts";
import { tenantWords } from "./words.ts";

/** Hosts as boxes with their tenants, ring by ring. Lengths are rules of the style sheet: a strict policy allows no others. */
export interface Picture {
  readonly html: string;
  readonly css: string;
}

export function picture({ hosts, rings, tenants }: StatusDocument): Picture {
  const boxes = hosts.map((host, index) => ({
    html: box(
      `h${index}`,
      host,
      rings.map(({ ring }) => ({
        ring,
        here: tenants.filter((one) => one.host === host.host && one.ring === ring),
      })),
    ),
    css: `#h${index} .full{width:${usedPercent(host)}%}`,
  }));
  return {
    html: `<div class="hosts">\n${boxes.map(({ html }) => html).join("\n")}\n</div>`,
    css: boxes.map(({ css }) => css).join("\n"),
  };
}

interface RingHere {
  readonly ring: string;
  readonly here: readonly TenantStatus[];
}

function box(id: string, host: HostStatus, rings: readonly RingHere[]): string {
  const lists = rings.flatMap(({ ring, here }) =>
    here.length === 0
      ? []
      : [
          `<h4>${escaped(ring)}</h4>
<ul class="units" aria-label="Ring ${escaped(ring)} on ${escaped(host.host)}">${here.map(unit).join("")}</ul>`,
        ],
  );
  return `<section class="host ${host.verdict}" id="${id}">
<h3>${escaped(host.host)} <em class="${host.verdict}">${host.verdict}</em></h3>
${disk(host)}
${lists.join("\n")}
</section>`;
}

function disk({ space }: HostStatus): string {
  if (space === undefined) return "<p>How full its disk is, nobody knows.</p>";
  return `<p>Disk: ${amount(space.freeMiB)} of ${amount(space.totalMiB)} free</p>
<div class="bar" aria-hidden="true"><span class="full"></span></div>`;
}

const usedPercent = ({ space }: HostStatus) =>
  space === undefined ? 0 : percent(space.totalMiB - space.freeMiB, space.totalMiB);

/** A word beside each name, since colours alone say nothing to many. */
const unit = (one: TenantStatus) =>
  `<li class="unit ${one.verdict}"><b>${escaped(one.tenant)}</b> <span>${tenantWords(one)}</span></li>`;
