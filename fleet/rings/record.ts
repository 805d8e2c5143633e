import type { Images, Release } from "../model.ts";
import type { Given, Verification } from "./ledger.ts";

/** A release as a tenant's component keeps it in the state: plain JSON, what is undefined is left out. */
export interface ReleaseRecord {
  readonly name: string;
  readonly images: Images;
  readonly versions: { readonly kratos?: string | undefined; readonly hydra?: string | undefined };
  readonly postgresMajor: number;
  readonly postgresBase?: string | undefined;
}

/** A release that a tenant was given; time as ISO 8601. */
export interface GivenReleaseRecord {
  readonly release: ReleaseRecord;
  /** When. Left out where nobody knows any more. */
  readonly since?: string;
}

/** What a tenant was given last, and before that, as its component keeps it in the state. */
export interface GivenRecord extends GivenReleaseRecord {
  /** Until nothing of the tenant bears it any more, it may be what the tenant has. Left out where that is so. */
  readonly before?: GivenReleaseRecord;
}

/** A verification as a ring's component keeps it in the state; times are ISO 8601 there. */
export interface VerificationRecord {
  readonly id: string;
  readonly release: string;
  readonly at: string;
  readonly ahead?: readonly string[];
  readonly failure?: { readonly at: string; readonly words: string };
}

/** Without images of a tenant's own: those are an edit of its entry, and wait for nothing. */
export const recordOf = ({
  name,
  images,
  versions,
  postgresMajor,
  postgresBase,
}: Release): ReleaseRecord => ({
  name,
  images,
  versions: {
    ...(versions.kratos !== undefined && { kratos: versions.kratos }),
    ...(versions.hydra !== undefined && { hydra: versions.hydra }),
  },
  postgresMajor,
  ...(postgresBase !== undefined && { postgresBase }),
});

export const givenRecordOf = ({ release, since }: Given): GivenReleaseRecord => ({
  release: recordOf(release),
  ...(since !== undefined && { since: since.toISOString() }),
});

export const verificationRecordOf = ({
  id,
  release,
  at,
  ahead,
  failure,
}: Verification): VerificationRecord => ({
  id,
  release,
  at: at.toISOString(),
  ...(ahead !== undefined && { ahead }),
  ...(failure !== undefined && { failure: { at: failure.at.toISOString(), words: failure.words } }),
});
