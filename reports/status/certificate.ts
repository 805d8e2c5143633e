import type { Visit } from "./visit.ts";

/** When a certificate is good, ISO 8601 in UTC. */
export interface CertificateStatus {
  readonly from: string;
  readonly until: string;
}

const dayMs = 86_400_000;
/** Long enough to look into it by day, where a certificate lasts months or is renewed by people. */
const mostDaysLeft = 14;
/**
 * Caddy renews when a third of the time is left, whatever that is: 30 days of 90, 15 of 45, four hours of its own
 * authority's twelve. With half of that gone something is wrong.
 */
const leastPart = 1 / 6;

/** Of what visitors got, the certificate that ends first. */
export function certificateStatus(visits: readonly Visit[]): CertificateStatus | undefined {
  const [first] = visits
    .flatMap(({ certificate }) => certificate ?? [])
    .sort((a, b) => a.until.getTime() - b.until.getTime());
  return first && { from: first.from.toISOString(), until: first.until.toISOString() };
}

/** Whole days until it ends; negative when it has ended. */
export const daysLeft = ({ until }: CertificateStatus, now: Date): number =>
  Math.floor((Date.parse(until) - now.getTime()) / dayMs);

/** That it has ended, or should have been renewed by now. */
export function certificateComplaint(certificate: CertificateStatus | undefined, now: Date): string[] {
  if (certificate === undefined) return [];
  const left = Date.parse(certificate.until) - now.getTime();
  const lifetime = Date.parse(certificate.until) - Date.parse(certificate.from);
  if (left < 0) return ["a certificate has ended"];
  if (left >= Math.min(mostDaysLeft * dayMs, lifetime * leastPart)) return [];
  const days = daysLeft(certificate, now);
  const when = days === 0 ? "within a day" : days === 1 ? "in a day" : `in ${days} days`;
  return [`a certificate ends ${when}, and should have been renewed by now`];
}
