import { z } from "zod";
import type { KnownResource } from "../backends/docker/known.ts";

const exported = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          delete: z.boolean().optional(),
          outputs: z.record(z.string(), z.unknown()).default({}),
        }),
      )
      .nullish(),
  }),
});

/**
 * What `pulumi stack export` says of resources, as a run of the program knows them. Secrets in it are encrypted.
 *
 * @throws ZodError when it is not an export of Pulumi's
 */
export const exportedResources = (text: string): KnownResource[] =>
  (exported.parse(JSON.parse(text)).deployment.resources ?? [])
    .filter((resource) => resource.delete !== true)
    .map(({ urn, type, outputs }) => ({ name: urn.split("::").slice(3).join("::"), type, outputs }));
