import { momentWords } from "./rings/words.ts";

/** What a site has answered its visitors since some moment. */
export interface SiteAnswers {
  /** Which of the tenant's sites: `login`, `api`, `admin`. */
  readonly site: string;
  /** Without those that were refused for what they sent (4xx): anybody can send that, and it would hide errors. */
  readonly visits: number;
  /** Of these, those that were answered with 500-599. */
  readonly failed: number;
  readonly since: Date;
}

/** One broken client, or a service that was away for a moment, is no sick release. */
export const failedAtLeast = 5;
/** Share of visits, in percent, that may fail. */
export const failedPercent = 5;

/** Whether so many visits have failed that something is wrong with what answers them. */
export const isFailing = ({ visits, failed }: Pick<SiteAnswers, "visits" | "failed">): boolean =>
  failed >= failedAtLeast && failed * 100 > visits * failedPercent;

/** `acme's login site answered 37 of 120 visits with 5xx since 2026-11-28 02:10 UTC` */
export const failingWords = (tenant: string, { site, visits, failed, since }: SiteAnswers): string =>
  `${tenant}'s ${site} site answered ${failed} of ${visits} visits with 5xx since ${momentWords(since)}`;
