import { baseWords, sortsOtherwise } from "./cLibrary.ts";
import type { Release } from "./model.ts";

/** What decides whether a Postgres image can use a volume. Undefined where nobody has said. */
export interface PostgresKind {
  /** Major version. */
  readonly major: number | undefined;
  /** What the image is built on, `trixie`. */
  readonly base: string | undefined;
}

/** Why a release's Postgres cannot use a tenant's volume. */
export interface VolumeFault {
  /** Field of the tenant that names the image. */
  readonly field: readonly string[];
  readonly fault: string;
  readonly remedy: string;
}

const byDump = "its data moves by dump and restore only (docs/operate.md, Another Postgres).";

/** Undefined where it can, and where nobody knows. */
export function volumeFault(written: PostgresKind, release: Release): VolumeFault | undefined {
  if (written.major !== undefined && written.major !== release.postgresMajor) {
    return majorFault(written.major, release);
  }
  return written.base !== undefined && sortsOtherwise(written.base, release.postgresBase)
    ? baseFault(written.base, release)
    : undefined;
}

/** Whether nothing is left open. */
export const isKnown = ({ major, base }: PostgresKind, release: Release): boolean =>
  major !== undefined && base !== undefined && release.postgresBase !== undefined;

function majorFault(from: number, { name, postgresMajor: to }: Release): VolumeFault {
  return {
    field: ["release"],
    fault: `${name} has Postgres ${to}, and the tenant's volume was written by Postgres ${from}, which ${to} cannot read`,
    remedy: `Name a release with Postgres ${from}; ${byDump}`,
  };
}

function baseFault(from: string, release: Release): VolumeFault {
  const isOwn = release.ownImages?.includes(release.images.postgres) ?? false;
  const what = isOwn ? "the image" : `the Postgres of ${release.name}`;
  return {
    field: isOwn ? ["images", "postgres"] : ["release"],
    fault:
      `${what} is built on ${baseWords(release.postgresBase ?? "")}, and the tenant's volume was made under ${baseWords(from)}. ` +
      "Each C library sorts text in an order of its own, and the volume's indexes are in that order: under another one, rows " +
      "that are there are not found, and are written twice",
    remedy: `Name ${isOwn ? "an image" : "a release whose Postgres is"} built on ${from}; ${byDump}`,
  };
}
