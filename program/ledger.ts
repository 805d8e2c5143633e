import { z } from "zod";
import type { Known } from "../backends/docker/known.ts";
import type { Ledger } from "../fleet/rings/ledger.ts";

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
  failure: z.object({ at: time, words: z.string() }).optional(),
});

/**
 * What the stack's state remembers of releases. What a version of this program has written that nobody can read any more
 * counts as nothing: its tenant gets what the file asks for.
 */
export function ledgerOf(known: Known): Ledger {
  return {
    given: new Map(
      known.all("tenant").flatMap(({ name, outputs }) => {
        const { data } = releaseRecord.safeParse(outputs.release);
        if (data === undefined) return [];
        const { kratos, hydra } = data.versions;
        const release = { ...data, versions: { kratos, hydra }, postgresBase: data.postgresBase };
        return [[name, release] as const];
      }),
    ),
    verified: new Map(
      known.all("ring").flatMap(({ name, outputs }) => {
        const { data } = z.array(verificationRecord).safeParse(outputs.verified);
        return data === undefined ? [] : [[name, data] as const];
      }),
    ),
  };
}
