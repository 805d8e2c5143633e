import fc from "fast-check";
import { expect, test } from "vitest";
import { type Tile, tiles } from "../../../reports/plan/tiles.ts";

const weights = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 60 });
const aspect = fc.double({ min: 0.05, max: 4, noNaN: true });

const overlap = (a: Tile, b: Tile) =>
  Math.max(0, Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top));

test("tiles fill the box by weight, without overlap", () => {
  fc.assert(
    fc.property(weights, aspect, (all, ratio) => {
      const found = tiles(all, ratio);
      const total = all.reduce((sum, weight) => sum + weight, 0);
      for (const [index, tile] of found.entries()) {
        const share = (tile.width * tile.height) / 10_000;
        expect(share).toBeCloseTo((all[index] ?? 0) / total, 1);
        expect(tile.left + tile.width).toBeLessThanOrEqual(100.1);
        expect(tile.top + tile.height).toBeLessThanOrEqual(100.1);
        for (const other of found.slice(index + 1)) expect(overlap(tile, other)).toBeLessThan(3);
      }
    }),
  );
});

test("nothing to divide", () => {
  expect(tiles([], 2)).toEqual([]);
});
