import { visible } from "../fleet/visible.ts";
import { isSecret } from "./pasted.ts";

/** Where something stands in a file: keys of maps, positions in lists. */
export type Path = readonly (string | number)[];

/** As people write it: `tenants.acme.domains[0]`, with quotes where a key has dots of its own. */
export function printedPath(path: Path): string {
  return path
    .map((step, depth) => {
      if (typeof step === "number") return `[${step}]`;
      if (isSecret(step)) return "[...]";
      if (!/^[\w:@-]+$/.test(step)) return `[${visible(JSON.stringify(step))}]`;
      return depth === 0 ? step : `.${step}`;
    })
    .join("");
}

/** Whether `path` is `above` or lies below it. */
export function isWithin(path: Path, above: Path): boolean {
  return above.length <= path.length && above.every((step, depth) => path[depth] === step);
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Own properties only: a tenant may be called `constructor`. */
export function child(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) return typeof step === "number" ? value[step] : undefined;
  return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce(child, value);
}

/** Also true for a key whose value could not be used: it has been reported already. */
export function isWritten(value: unknown, path: Path): boolean {
  const key = path.at(-1);
  const parent = valueAt(value, path.slice(0, -1));
  return key !== undefined && isMap(parent) && Object.hasOwn(parent, key);
}

export function keysOf(value: unknown): string[] {
  return isMap(value) ? Object.keys(value) : [];
}
