import { z } from "zod";
import { isMap, type Path } from "./path.ts";

/** The schema below `schema`; wrappers taken off. */
export function schemaAt(schema: z.ZodType, steps: Path): z.ZodType {
  return steps.reduce<z.ZodType>((parent, step) => childOf(unwrapped(parent), step), schema);
}

function childOf(parent: z.ZodType, step: string | number): z.ZodType {
  if (parent instanceof z.ZodObject) return asSchema(parent.shape[step]);
  if (parent instanceof z.ZodRecord) return asSchema(parent.valueType);
  if (parent instanceof z.ZodArray) return asSchema(parent.element);
  // Of a union by mode, zod reports the fields of the chosen alternative at the union's own path.
  const options = optionsOf(parent);
  const option =
    options.find((one) => one instanceof z.ZodObject && step in one.shape) ??
    options.find((one) => one instanceof (typeof step === "number" ? z.ZodArray : z.ZodRecord));
  if (option !== undefined && option !== parent) return childOf(option, step);
  return z.unknown();
}

/** Wrappers say whether a field may be missing or null; its rules are inside. */
function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return unwrapped(asSchema(schema.unwrap()));
  return schema;
}

function asSchema(schema: unknown): z.ZodType {
  return schema instanceof z.ZodType ? unwrapped(schema) : z.unknown();
}

/** The alternatives of a union; of anything else, itself. */
export function optionsOf(schema: z.ZodType): z.ZodType[] {
  return schema instanceof z.ZodUnion
    ? schema.options.flatMap((option) => optionsOf(asSchema(option)))
    : [schema];
}

/** The words that a value may be, when it may be only these. */
export function wordsOf(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  return schema instanceof z.ZodLiteral ? [...schema.values].map(String) : [];
}

/** What kind of value a schema takes, in words. */
export function kind(schema: z.ZodType): string {
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return "a map";
  if (schema instanceof z.ZodArray) return "a list";
  if (schema instanceof z.ZodNumber) return schema.format === "safeint" ? "a whole number" : "a number";
  if (schema instanceof z.ZodBoolean) return "true or false";
  return "text";
}

/** What a value is, in words. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "no number";
  if (typeof value === "boolean") return String(value);
  return isMap(value) ? "a map" : "text";
}

export function hasKind(schema: z.ZodType, value: unknown): boolean {
  switch (kind(schema)) {
    case "a map":
      return isMap(value);
    case "a list":
      return Array.isArray(value);
    case "a whole number":
      return Number.isInteger(value);
    case "a number":
      return typeof value === "number";
    case "true or false":
      return typeof value === "boolean";
    default:
      return typeof value === "string";
  }
}
