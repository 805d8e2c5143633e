import type { Site } from "../../../fleet/tenant/state.ts";
import type { Route } from "../../../fleet/tenant/workload.ts";
import { type Page, pageOf } from "./pages.ts";

export type ClosedSite = Extract<Site, { readonly kind: "closed" }>;

/** What a person reads, and what a program does, by status. */
const answers: Readonly<
  Record<ClosedSite["status"], { readonly page: Omit<Page, "status">; readonly error: string }>
> = {
  503: {
    page: {
      title: "Closed for the time being",
      text: "Nobody can sign in here at the moment. This is on purpose, and nothing is lost. Ask the people who run your application when it opens again.",
    },
    // RFC 6749, section 4.1.2.1, has the word for it.
    error: "temporarily_unavailable",
  },
  410: {
    page: {
      title: "Closed for good",
      text: "Nobody signs in here any more. Ask the people who run your application where to go.",
    },
    error: "gone",
  },
};

/**
 * The inside of a closed site: every path and method has one answer, which no cache keeps. It leads nowhere, since nothing
 * is there, and asks nobody who he is. Programs at the API, which do not ask for a page, get JSON.
 */
export function closed(tenant: string, purpose: Route["purpose"], site: ClosedSite): string[] {
  const { page, error } = answers[site.status];
  const shown = pageOf(tenant, { ...page, status: site.status });
  return [
    ...(site.status === 503 ? [`	header Retry-After ${site.retryAfterSeconds}`] : []),
    ...(purpose === "api" ? forPrograms(tenant, error, site.status, shown) : shown),
  ];
}

function forPrograms(tenant: string, error: string, status: number, shown: readonly string[]): string[] {
  const words = `${tenant} is closed${status === 503 ? " for the time being" : " for good"}.`;
  return [
    "	@person header Accept *text/html*",
    "	handle @person {",
    ...shown.map((line) => `	${line}`),
    "	}",
    "	handle {",
    "		header Content-Type application/json",
    "		header Cache-Control no-store",
    `		respond \`${JSON.stringify({ error, error_description: words })}\` ${status}`,
    "	}",
  ];
}
