import { z } from "zod";
import type { Release } from "../../fleet/model.ts";
import { physicalName } from "../../fleet/names.ts";
import type { Ledger } from "../../fleet/rings/ledger.ts";
import type { ReleaseRecord } from "../../fleet/rings/record.ts";
import { type Part, parts, type Service } from "../../fleet/tenant/parts.ts";
import type { Known } from "./known.ts";

const releaseRecord = z.object({
  name: z.string(),
  images: z.object({
    postgres: z.string(),
    kratos: z.string(),
    hydra: z.string(),
    hera: z.string(),
    athena: z.string(),
  }),
  versions: z.object({ kratos: z.string().optional(), hydra: z.string().optional() }),
  postgresMajor: z.number(),
  postgresBase: z.string().optional(),
});

const time = z.iso.datetime().transform((text) => new Date(text));
const verificationRecord = z.object({
  id: z.string(),
  release: z.string(),
  at: time,
  ahead: z.array(z.string()).optional(),
  failure: z.object({ at: time, words: z.string() }).optional(),
});

const givenRelease = z.object({ release: releaseRecord, since: time.optional() });
const givenRecord = givenRelease.extend({ before: givenRelease.optional() });

/**
 * What the stack's state remembers of releases. What a version of this program has written that nobody can read any more
 * counts as nothing: its tenant gets what the file asks for.
 */
export function ledgerOf(known: Known): Ledger {
  const given = known.all("tenant").flatMap(({ name, outputs }) => {
    const { data } = givenRecord.safeParse(outputs.given);
    if (data === undefined) return [];
    const { release, before } = data;
    return [[name, before && !hasBegun(name, release, before.release, known) ? before : data] as const];
  });
  return {
    given: new Map(given.map(([name, { release }]) => [name, releaseOf(release)])),
    since: new Map(given.flatMap(([name, { since }]) => (since === undefined ? [] : [[name, since]]))),
    verified: new Map(
      known.all("ring").flatMap(({ name, outputs }) => {
        const { data } = z.array(verificationRecord).safeParse(outputs.verified);
        return data === undefined ? [] : [[name, data] as const];
      }),
    ),
  };
}

const releaseOf = (record: z.infer<typeof releaseRecord>): Release => {
  const { kratos, hydra } = record.versions;
  return { ...record, versions: { kratos, hydra }, postgresBase: record.postgresBase };
};

/** Whose image a part has. A step is the first of a release that comes: what it has migrated is of that release. */
const imageOf: Readonly<Record<Part, Service>> = {
  postgres: "postgres",
  kratos: "kratos",
  "kratos-migrate": "kratos",
  hydra: "hydra",
  "hydra-migrate": "hydra",
  hera: "hera",
  athena: "athena",
  bootstrap: "athena",
};

/**
 * Whether any container of a tenant is one of the release that it was given, and cannot be one of the release before. The note
 * is older than the containers: a run may have been killed in between, or was told to leave the tenant alone (`--target`).
 */
function hasBegun(tenant: string, given: ReleaseRecord, before: ReleaseRecord, known: Known): boolean {
  const running = parts.flatMap((part) => {
    const image = known.find("container", physicalName(tenant, part))?.outputs.image;
    return image === undefined ? [] : [{ service: imageOf[part], image }];
  });
  const telling = running.filter(({ service }) => given.images[service] !== before.images[service]);
  if (telling.some(({ service, image }) => image === given.images[service])) return true;
  // With the same images, or images of its own in all those places, the two are the same to it.
  return running.length > 0 && telling.every(({ service, image }) => image !== before.images[service]);
}
