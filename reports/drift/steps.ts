import { z } from "zod";

const properties = z.record(z.string(), z.unknown()).default({});
const state = z.object({
  parent: z.string().optional(),
  inputs: properties,
  outputs: properties,
});

const digest = z.object({
  steps: z
    .array(
      z.object({
        op: z.string(),
        urn: z.string(),
        oldState: state.optional(),
        newState: state.optional(),
        diffReasons: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
  diagnostics: z
    .array(z.object({ urn: z.string().optional(), message: z.string(), severity: z.string() }))
    .nullish(),
});

/** One step of a preview or refresh; secrets in it are `[secret]`. */
export type Step = NonNullable<z.infer<typeof digest>["steps"]>[number];

/** What Pulumi says it could not do. */
export interface Complaint {
  /** Missing for the run as a whole. */
  readonly urn: string | undefined;
  readonly message: string;
}

export interface Digest {
  readonly steps: readonly Step[];
  readonly errors: readonly Complaint[];
}

/** Reads what `pulumi preview --json` or `pulumi refresh --preview-only --json` has printed; undefined when it is no such thing. */
export function readDigest(printed: string): Digest | undefined {
  const parsed = digest.safeParse(json(printed));
  if (!parsed.success) return undefined;
  const { steps, diagnostics } = parsed.data;
  return {
    steps: steps ?? [],
    errors: (diagnostics ?? [])
      .filter(({ severity }) => severity === "error")
      .map(({ urn, message }) => ({
        urn: urn || undefined,
        message: message.replace(/^error: /, "").trim(),
      })),
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
