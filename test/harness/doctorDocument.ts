import { z } from "zod";

// What docs/hosts.md promises to programs: a field more or less is found here.
const words = z.string().min(1);
const remedy = z.strictObject({
  where: z.enum(["host", "here", "file"]),
  words: words.optional(),
  lines: z.array(words).min(1),
});
const finding = z.discriminatedUnion("level", [
  z.strictObject({ check: words, level: z.literal("ok"), found: words }),
  z.strictObject({
    check: words,
    level: z.enum(["error", "warning", "unknown"]),
    found: words,
    why: words,
    remedy,
  }),
]);
const problem = z.strictObject({
  place: z.strictObject({ file: words, line: z.number(), column: z.number() }).optional(),
  path: words,
  fault: words,
  remedy: words,
});
/** What `fleet doctor --json` prints. */
export const doctorDocument = z.strictObject({
  version: z.literal(1),
  stack: words,
  problems: z.array(problem),
  hosts: z.array(
    z.strictObject({
      host: words,
      address: words,
      role: z.enum(["tenants", "edge"]),
      verdict: z.enum(["ok", "warning", "error"]),
      findings: z.array(finding).min(1),
    }),
  ),
});
export type DoctorDocument = z.infer<typeof doctorDocument>;
