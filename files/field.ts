import { z } from "zod";
import { unseen } from "../fleet/visible.ts";
import type { Fault } from "./fault.ts";
import { randomIn, secretIn } from "./pasted.ts";

/** What a schema says about a field: the editor's hover text, the reference's row and the remedy of messages. */
export interface Meaning {
  /** Sentences for the hover text and the reference; the default comes last. */
  readonly description: string;
  /** Right values; the first one is what messages tell people to write. */
  readonly examples: readonly unknown[];
  /** For editors only; the judge decides, since it can say what is wrong. */
  readonly pattern?: string;
}

/** Keys and values that are understood but refused, each with its own reason. */
export interface Refusals {
  readonly keys?: Readonly<Record<string, Fault>>;
  readonly values?: Readonly<Record<string, Fault>>;
}

export const refusals = z.registry<Refusals>();

/**
 * Text with a rule of its own.
 * @param mayBeRandom whether a right value has digests in it, which look like keys
 */
export function text(judge: (value: string) => Fault | undefined, meaning: Meaning, mayBeRandom = false) {
  const example = `Write ${String(meaning.examples[0])}, for example.`;
  return z
    .string()
    .superRefine((value, context) => {
      const judged = unseenFault(value) ?? judge(value);
      const isHidden = secretIn(value) !== undefined || (!mayBeRandom && randomIn(value) !== undefined);
      // What a judge would propose is made from the value.
      const fault =
        judged !== undefined && isHidden ? { fault: "this value does not fit", remedy: example } : judged;
      if (fault !== undefined) {
        context.addIssue({ code: "custom", message: fault.fault, params: { remedy: fault.remedy } });
      }
    })
    .meta({ ...meaning, examples: [...meaning.examples] });
}

/** What nobody sees in review has no place in a file, wherever it would end up. */
function unseenFault(value: string): Fault | undefined {
  const sign = unseen.exec(value)?.[0];
  if (sign === undefined) return undefined;
  const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const remedy = "Write the text without it; a copy from a terminal or a document may have brought it along.";
  return { fault: `has the sign U+${code} in it, which nobody sees`, remedy };
}

/** A list in which nothing stands twice. */
export function list<Item extends z.ZodType>(item: Item, meaning: Meaning) {
  return z
    .array(item)
    .superRefine((items, context) => {
      for (const [index, value] of items.entries()) {
        const first = items.indexOf(value);
        if (first === index) continue;
        context.addIssue({
          code: "custom",
          message: `stands in the list twice (also at [${first}])`,
          params: { remedy: "Write it once." },
          path: [index],
        });
      }
    })
    .meta({ ...meaning, examples: [...meaning.examples], uniqueItems: true });
}

/** A map with exactly these keys. */
export function fields<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  meaning: Meaning,
  refused?: Refusals,
) {
  const schema = z.strictObject(shape).meta({ ...meaning, examples: [...meaning.examples] });
  if (refused !== undefined) refusals.add(schema, refused);
  return schema;
}

/** What a later version brings: a typing error must not look like it, nor it like a typing error. */
export function later(what: string, instead: string): Fault {
  return { fault: `${what} comes with a later version`, remedy: `Write ${instead}.` };
}
