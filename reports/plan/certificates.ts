import { getDomain } from "tldts";
import { authority, certified, letsEncrypt } from "../../backends/docker/caddy/acme.ts";
import type { PlannedFleet } from "../../backends/docker/fleetPlan.ts";
import { listed } from "../../fleet/listed.ts";
import { type Change, changeOf, type Difference, difference } from "./change.ts";

/** Let's Encrypt's limits (letsencrypt.org/docs/rate-limits). One for the same name again does not count for the first. */
const perWeek = 50;
const ordersInThreeHours = 300;

/** Names below one registered domain that need a certificate of the ACME server. */
export interface CertificateNeed {
  /** What somebody has registered: a public suffix and one label in front, `example.co.uk`. */
  readonly registeredDomain: string;
  readonly names: number;
}

interface CertifiedName {
  readonly name: string;
  readonly host: string;
}

const certifiedNames = ({ fleet, tenants }: PlannedFleet): CertifiedName[] =>
  tenants.flatMap(({ plan }) =>
    certified(plan.routes, fleet.config.tls).map((name) => ({ name, host: plan.host })),
  );

/** Private suffixes count too, as with Let's Encrypt: two customers of a provider's are two owners. */
const registered = (name: string) => getDomain(name, { allowPrivateDomains: true }) ?? name;

function counted<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}

/** What the whole fleet needs, the most below one registered domain first; nothing where Caddy is the authority. */
export function certificateNeeds(planned: PlannedFleet): CertificateNeed[] {
  return [...counted(certifiedNames(planned), ({ name }) => registered(name))]
    .map(([registeredDomain, names]) => ({ registeredDomain, names }))
    .sort((a, b) => b.names - a.names);
}

/** `12 below example.com, 1 below bigcorp.com`; empty where Caddy is the authority. */
export const certificateWords = (needs: readonly CertificateNeed[]): string =>
  listed(
    needs.map(({ registeredDomain, names }) => `${names} below ${registeredDomain}`),
    10,
  );

const isLimited = ({ fleet }: PlannedFleet) => authority(fleet.config.tls) === letsEncrypt;

/** For a fleet that is to be brought up as a whole. */
export function certificateAdvice(planned: PlannedFleet): string[] {
  if (!isLimited(planned)) return [];
  return certificateNeeds(planned)
    .filter(({ names }) => names > perWeek)
    .map(
      ({ registeredDomain, names }) =>
        `${names} names below ${registeredDomain} have certificates, and Let's Encrypt issues ${perWeek} new ones a week ` +
        "below one registered domain: bring tenants up in groups, or ask for a higher limit.",
    );
}

/**
 * A change that asks for more new certificates than Let's Encrypt issues at once. What else is ordered below the same
 * domain, by other stacks or programs, is not known here.
 *
 * @param before undefined for a stack that was not there
 */
export function certificateChanges(before: PlannedFleet | undefined, after: PlannedFleet): Change[] {
  if (!isLimited(after)) return [];
  const old = before !== undefined && isLimited(before) ? certifiedNames(before) : [];
  const known = new Set(old.map(({ name }) => name));
  const wanted = certifiedNames(after).filter(({ name }) => !known.has(name));
  const below = [...counted(wanted, ({ name }) => registered(name))].filter(([, names]) => names > perWeek);
  const on = [...counted(wanted, ({ host }) => host)].filter(([, names]) => names > ordersInThreeHours);
  const isNew = (where: string, names: number): Difference =>
    difference("certificates", `${names} names ${where} need their first certificate`);
  return [
    ...below.flatMap(([domain, names]) =>
      changeOf("certificates", "interrupts", [isNew(`below ${domain}`, names)], tooManyAWeek(names)),
    ),
    ...on.flatMap(([host, names]) =>
      changeOf("certificates", "interrupts", [isNew(`on host ${host}`, names)], tooManyOrders),
    ),
  ];
}

/** The allowance grows back steadily: one every 202 minutes. */
function tooManyAWeek(names: number): string {
  const weeks = Math.ceil((names - perWeek) / perWeek);
  return (
    `Let's Encrypt issues ${perWeek} new ones a week below one registered domain, so the last of them are had ` +
    `${weeks === 1 ? "a week" : `${weeks} weeks`} later and answer nobody before: merge tenants in groups over several ` +
    "weeks, ask for a higher limit (letsencrypt.org/docs/rate-limits), or put some below another domain"
  );
}

const tooManyOrders = `Let's Encrypt takes ${ordersInThreeHours} orders of a host's account in three hours: merge tenants in groups`;
