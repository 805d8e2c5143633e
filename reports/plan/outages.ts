import type { Part } from "../../fleet/tenant/workload.ts";
import type { Effect } from "./change.ts";

/** What it means that a container is made anew. */
export interface Outage {
  readonly effect: Effect;
  readonly words: string;
}

/**
 * By part. Seconds are those from stopping the old container to the new one's first good health check; Postgres
 * takes longer, since it writes a checkpoint first and Kratos and Hydra have to find it again.
 */
const outages: Readonly<Record<Part, Outage>> = {
  postgres: { effect: "interrupts", words: "container replaced, about 10 s without sign-ins and tokens" },
  "kratos-migrate": { effect: "in-place", words: "migrations of kratos run again" },
  "hydra-migrate": { effect: "in-place", words: "migrations of hydra run again" },
  kratos: { effect: "interrupts", words: "container replaced, about 5 s without sign-ins" },
  hydra: { effect: "interrupts", words: "container replaced, about 5 s without tokens" },
  bootstrap: { effect: "in-place", words: "the step runs again, services stay up" },
  hera: { effect: "interrupts", words: "container replaced, about 5 s without the sign-in page" },
  athena: { effect: "interrupts", words: "container replaced, about 5 s without the admin UI" },
};

export const outage = (part: Part): Outage => outages[part];

/** All containers of a tenant at once: what making a tenant takes. */
export const wholeTenant: Outage = {
  effect: "interrupts",
  words: "every container of the tenant replaced, about 20 s down",
};
