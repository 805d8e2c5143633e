import { foundVariable } from "./found.ts";
import type { KnownResource } from "./known.ts";

/** How scripts get to their host, as their environment has it. */
export type Way = Readonly<Record<string, unknown>>;

/** That of a script in the state; undefined where there is no such script. */
export function wayOf(script: KnownResource | undefined): Way | undefined {
  if (script === undefined) return undefined;
  const { environment } = script.outputs;
  const variables: Way = typeof environment === "object" && environment !== null ? { ...environment } : {};
  // What a run has found there is no part of the way.
  const { [foundVariable]: _, ...way } = variables;
  return way;
}

export function isSameWay(a: Way | undefined, b: Way): boolean {
  const names = Object.keys(b);
  return (
    a !== undefined && names.length === Object.keys(a).length && names.every((name) => a[name] === b[name])
  );
}
