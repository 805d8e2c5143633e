import { contains, printedRange4, type Range4, range4 } from "../../fleet/address.ts";

/** Private ranges from wide to narrow; the first is the default. */
const candidates = [
  "10.128.0.0/9",
  "10.0.0.0/9",
  ...[64, 192, 0, 128].map((second) => `10.${second}.0.0/10`),
  "100.64.0.0/10",
  ...Array.from({ length: 16 }, (_, block) => `10.${240 - block * 16}.0.0/12`),
  ...Array.from({ length: 8 }, (_, block) => `172.${30 - block * 2}.0.0/15`),
  ...Array.from({ length: 16 }, (_, block) => `192.168.${240 - block * 16}.0/20`),
].flatMap((text) => range4(text) ?? []);

/** The widest usual pool that meets none of these ranges; undefined when there is none. */
export function freePool(taken: readonly Range4[]): string | undefined {
  const free = candidates.find(
    (pool) => !taken.some((range) => contains(range, pool) || contains(pool, range)),
  );
  return free && printedRange4(free);
}
