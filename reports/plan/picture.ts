import type { Effect } from "../../fleet/effect.ts";
import { escaped } from "../page/html.ts";
import { amount, percent, share } from "./amount.ts";
import type { ChangedTenant, FleetChanges } from "./fleetChanges.ts";
import type { HostReport, StackReport, TenantReport } from "./stackReport.ts";
import { tiles } from "./tiles.ts";

/** Colours of rings; with more rings they begin again, and the names beside them tell them apart. */
export const ringColors = 6;

const aspect = 2.4;

const states: Readonly<Record<Effect, string>> = {
  destroys: "destroys",
  interrupts: "interrupted",
  "in-place": "changed",
  none: "changed",
};

const outlineWords = {
  added: "new",
  "in-place": "changed",
  interrupts: "interrupted",
  destroys: "destroys or moves data",
};
const memoryWords: Readonly<Record<string, string>> = { free: "free", reserve: "kept for the system" };

/** A stack's hosts as boxes filled by memory. Places are rules of the style sheet: a strict policy allows no others. */
export interface Picture {
  readonly html: string;
  readonly css: string;
}

/** @param id tells the pictures of a page apart */
export function picture(id: string, report: StackReport, changes: FleetChanges | undefined): Picture {
  const changed = new Map(changes?.tenants.map((tenant) => [tenant.tenant, tenant]));
  const boxes = report.hosts.map((host, index) => hostBox(`${id}h${index}`, host, report, changed));
  const rings = report.rings.map(
    (ring, index) => `<li><i class="swatch r${index % ringColors}"></i>${escaped(ring)}</li>`,
  );
  const outlines =
    changes === undefined
      ? []
      : Object.entries(outlineWords).map(
          ([state, words]) => `<li><i class="swatch ${state}"></i>${words}</li>`,
        );
  const memory = ["free", "reserve"].map(
    (kind) => `<li><i class="swatch ${kind}"></i>${memoryWords[kind]}</li>`,
  );
  const legend = `<ul class="legend" aria-label="Legend">${[...rings, ...memory, ...outlines].join("")}</ul>`;
  return {
    html: `${legend}\n<div class="hosts">\n${boxes.map(({ html }) => html).join("\n")}\n</div>`,
    css: boxes.map(({ css }) => css).join("\n"),
  };
}

function hostBox(
  id: string,
  host: HostReport,
  { tenants, rings }: StackReport,
  changed: ReadonlyMap<string, ChangedTenant>,
): Picture {
  const here = tenants.filter((tenant) => tenant.host === host.name);
  // The list below the box goes ring by ring; in the box the largest come first.
  const sorted = [...here].sort((a, b) => rings.indexOf(a.ring) - rings.indexOf(b.ring));
  const [used, free] = [
    percentOf(host.reservedMiB, host),
    percentOf(host.availableMiB - host.reservedMiB, host),
  ];
  const places = tiles(
    sorted.map(({ reservedMiB }) => reservedMiB),
    Math.max(0.05, (aspect * used) / 100),
  );
  const ringOf = (ring: string) => Math.max(0, rings.indexOf(ring)) % ringColors;
  const rules = places.map(
    ({ left, top, width, height }, index) =>
      `#${id} .t${index}{left:${left}%;top:${top}%;width:${width}%;height:${height}%}`,
  );
  const tile = (tenant: TenantReport, index: number) =>
    `<span class="tile t${index} r${ringOf(tenant.ring)} ${stateOf(changed.get(tenant.name))}"><b>${escaped(tenant.name)}</b></span>`;
  const chip = (tenant: TenantReport) => {
    const change = changed.get(tenant.name);
    const state =
      change === undefined ? "" : ` <em>${change.kind === "added" ? "new" : states[change.effect]}</em>`;
    const closed = tenant.state === "active" ? "" : `, ${tenant.state}`;
    return `<li class="chip ${stateOf(change)}"><i class="swatch r${ringOf(tenant.ring)}"></i>${escaped(tenant.name)} <small>${amount(tenant.reservedMiB)}, ${escaped(tenant.ring)}${closed}</small>${state}</li>`;
  };
  const alternative = `${host.name}: ${here.length} tenants reserve ${share(host.reservedMiB, host.availableMiB)}`;
  return {
    css: [`#${id} .used{width:${used}%}`, `#${id} .free{width:${free}%}`, ...rules].join("\n"),
    html: `<section class="host" id="${id}">
<h3>${escaped(host.name)}</h3>
<p>${here.length} ${here.length === 1 ? "tenant" : "tenants"}, reserved ${share(host.reservedMiB, host.availableMiB)}, limits ${share(host.limitedMiB, host.limitBudgetMiB)}</p>
<div class="box" role="img" aria-label="${escaped(alternative)}"><span class="used">${sorted.map(tile).join("")}</span><span class="free"></span><span class="reserve"></span></div>
<ul class="chips" aria-label="Tenants of ${escaped(host.name)}">${sorted.map(chip).join("")}</ul>
</section>`,
  };
}

const percentOf = (part: number, host: HostReport) =>
  Math.min(100, Math.round((Math.max(0, part) / host.memoryMiB) * 10_000) / 100);

function stateOf(change: ChangedTenant | undefined): string {
  if (change === undefined) return "same";
  return change.kind === "added" && change.effect !== "destroys" ? "added" : change.effect;
}

/** For the line above the picture. */
export function fill({ hosts }: StackReport): number {
  const sum = (amountOf: (host: HostReport) => number) =>
    hosts.reduce((all, host) => all + amountOf(host), 0);
  return percent(
    sum(({ reservedMiB }) => reservedMiB),
    sum(({ availableMiB }) => availableMiB),
  );
}
