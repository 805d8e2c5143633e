import type { Share } from "./rollout.ts";

/** Names so that each comes after those that it waits for, and otherwise in the order given. */
export function inOrder(names: readonly string[], shares: ReadonlyMap<string, Share>): string[] {
  const wanted = new Set(names);
  const found = new Set<string>();
  const add = (name: string): void => {
    if (!wanted.delete(name)) return;
    for (const other of shares.get(name)?.after ?? []) add(other);
    found.add(name);
  };
  for (const name of names) add(name);
  return [...found];
}
