/** What a tenant can be. Each may follow each: what an edit writes, another edit takes back. */
export const tenantStates = ["active", "suspended", "retired"] as const;
export type TenantState = (typeof tenantStates)[number];

/** What visitors meet at a tenant's names. */
export type Site =
  /** Its own pages. */
  | { readonly kind: "open" }
  /**
   * A short page with the tenant's name. 503 says that it will be back, and when to ask again; 410 that it will not.
   */
  | { readonly kind: "closed"; readonly status: 503; readonly retryAfterSeconds: number }
  | { readonly kind: "closed"; readonly status: 410 };

/** The status that a visitor gets of it. */
export const statusOf = (site: Site) => (site.kind === "open" ? 200 : site.status);

/** What a state means for all that a tenant is made of. */
export interface Disposition {
  /** Whether its services run, and so whether memory is reserved for them, and networks are made. */
  readonly runs: boolean;
  readonly site: Site;
  /** Whether its names still lead to its host. */
  readonly hasRecords: boolean;
  /** Volume and root key stay in every state: only a purge, which names tenant and date, ends them. */
  readonly keepsData: true;
}

/** Every state is told here, and nowhere else what it means: a new one does not compile until it is. */
export function dispositionOf(state: TenantState): Disposition {
  switch (state) {
    case "active":
      return { runs: true, site: { kind: "open" }, hasRecords: true, keepsData: true };
    case "suspended":
      return {
        runs: false,
        site: { kind: "closed", status: 503, retryAfterSeconds: 3600 },
        hasRecords: true,
        keepsData: true,
      };
    case "retired":
      return { runs: false, site: { kind: "closed", status: 410 }, hasRecords: true, keepsData: true };
  }
}
