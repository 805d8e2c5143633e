import type { Place } from "../../files/place.ts";
import type { VersionedService } from "../../fleet/model.ts";
import { physicalName } from "../../fleet/names.ts";
import { momentWords } from "../../fleet/rings/words.ts";
import { lossWords, migrationsWords, type Way } from "./ways.ts";

/** A tenant that goes back. */
export interface TenantBack {
  readonly tenant: string;
  /** The release that it has. */
  readonly has: string;
  /** Since when, ISO 8601; missing where nobody knows. */
  readonly since?: string;
  /** Those of which the two releases have different images. */
  readonly services: readonly { readonly service: VersionedService; readonly way: Way }[];
}

/** Containers that are stopped until the next `up`, since their migrations are taken back. */
export const stoppedFor = ({ tenant, services }: TenantBack): string[] =>
  services.flatMap(({ service, way }) => (way.kind === "down" ? [physicalName(tenant, service)] : []));

/** What `fleet rollback --json` prints. `version` is one higher when a field goes or changes its meaning. */
export interface RollbackDocument {
  readonly version: 1;
  readonly stack: string;
  readonly kind: "tenant" | "ring";
  readonly name: string;
  /** The release that it goes back to. */
  readonly to: string;
  readonly tenants: readonly TenantBack[];
  /** Of the ring, those of which nothing runs: they keep what they have. */
  readonly closed: readonly string[];
  /** Tenants that get another release in the same `pulumi up`, whatever is rolled back. */
  readonly also: readonly { readonly tenant: string; readonly release: string }[];
  readonly edits: readonly {
    readonly place?: Place | undefined;
    readonly path: string;
    readonly from?: string | undefined;
    readonly to: string;
  }[];
  /** Whether it was done, or only looked at. */
  readonly isDone: boolean;
  readonly next: string;
}

/**
 * What a rollback would lose that nobody has accepted, and what leads no way back; whole lines. Nothing: it can begin.
 *
 * @param accepted what was written since then may be lost
 */
export function objections(tenants: readonly TenantBack[], to: string, accepted: Date | undefined): string[] {
  return tenants.flatMap(({ tenant, has, since, services }) =>
    services.flatMap(({ service, way }): string[] => {
      if (way.kind === "image") return [];
      const begun = since === undefined ? undefined : new Date(since);
      const what = `${tenant}: ${service}'s database has had ${migrationsWords(way.migrations)} of ${has} that ${to} does not know`;
      if (way.kind === "dump") {
        return [
          `${what}, and ${has} leads no way back: ${way.why}. Restore the dump from before the upgrade: docs/runbooks/upgrade-failed.md.`,
        ];
      }
      if (way.losses.length === 0) return [];
      const lost = `${what}. To take ${way.migrations.length === 1 ? "it" : "them"} back loses what was written ${begun === undefined ? "since then" : `since ${momentWords(begun)}`} to ${way.losses.map(lossWords).join(", ")}`;
      const write = `--accept-loss-since ${(begun ?? new Date(0)).toISOString()}`;
      if (accepted === undefined) return [`${lost}. To accept that: ${write}`];
      return begun !== undefined && accepted > begun
        ? [`${lost}, which is more than --accept-loss-since accepts. Write ${write}`]
        : [];
    }),
  );
}
