import { type Site, statusOf } from "../../fleet/tenant/state.ts";
import type { Page, Visit } from "./visit.ts";

/** What a visitor gets at one of a tenant's names. */
export interface PageStatus extends Pick<Page, "url" | "purpose"> {
  /** Whether it is what the tenant's state says: the page itself, or 503 or 410 of one that is closed. */
  readonly isRight: boolean;
}

export const pageStatus = ({ url, purpose, status }: Visit, site: Site): PageStatus => ({
  url,
  purpose,
  isRight: status === statusOf(site),
});

/** What is wrong with what a visitor got. */
export function visitComplaint({ url, purpose, status, complaint }: Visit, site: Site): string[] {
  const wanted = statusOf(site);
  if (status === wanted) return [];
  if (site.kind === "closed" && status !== undefined) {
    return [`the ${purpose} is not closed: ${url} answers ${status} in place of ${wanted}`];
  }
  return [
    `no ${purpose}: ${url} ${status === undefined ? `gives no answer (${complaint ?? "unknown"})` : `answers ${status}`}`,
  ];
}
