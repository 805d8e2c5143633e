/** A part of a box, in percent of its width and height. */
export interface Tile {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Divides a box among weights, so that areas are to each other as weights are and tiles are as near to squares as a
 * row by row division allows (Bruls, Huizing and van Wijk: Squarified Treemaps, 2000).
 *
 * @param aspect width of the box over its height
 * @returns tiles in the order of the weights
 */
export function tiles(weights: readonly number[], aspect: number): Tile[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const areas = weights.map((weight, index) => ({ index, area: (weight / total) * aspect }));
  const found = new Map<number, Box>();
  divide(
    areas.filter(({ area }) => area > 0).sort((a, b) => b.area - a.area),
    { left: 0, top: 0, width: aspect, height: 1 },
    found,
  );
  return weights.map((_, index) => percent(found.get(index) ?? nothing, aspect));
}

type Box = Tile;
type Area = { readonly index: number; readonly area: number };

const nothing: Box = { left: 0, top: 0, width: 0, height: 0 };

function divide(areas: readonly Area[], start: Box, found: Map<number, Box>): void {
  let box = start;
  let next = 0;
  while (next < areas.length) {
    const side = Math.min(box.width, box.height);
    let end = next + 1;
    while (
      end < areas.length &&
      worstRatio(areas.slice(next, end + 1), side) <= worstRatio(areas.slice(next, end), side)
    )
      end++;
    const row = areas.slice(next, end);
    box = layRow(row, box, found);
    next = end;
  }
}

/** How far from a square the worst tile of a row would be. */
function worstRatio(row: readonly Area[], side: number): number {
  const thickness = sum(row) / side;
  return Math.max(...row.map(({ area }) => Math.max(thickness ** 2 / area, area / thickness ** 2)));
}

/** Lays a row along the shorter side; returns what is left of the box. */
function layRow(row: readonly Area[], box: Box, found: Map<number, Box>): Box {
  const isWide = box.width >= box.height;
  const thickness = sum(row) / (isWide ? box.height : box.width);
  let offset = 0;
  for (const { index, area } of row) {
    const length = area / thickness;
    found.set(
      index,
      isWide
        ? { left: box.left, top: box.top + offset, width: thickness, height: length }
        : { left: box.left + offset, top: box.top, width: length, height: thickness },
    );
    offset += length;
  }
  return isWide
    ? { ...box, left: box.left + thickness, width: box.width - thickness }
    : { ...box, top: box.top + thickness, height: box.height - thickness };
}

const sum = (row: readonly Area[]) => row.reduce((all, { area }) => all + area, 0);

function percent({ left, top, width, height }: Box, aspect: number): Tile {
  const rounded = (part: number, whole: number) => Math.round((part / whole) * 10_000) / 100;
  return {
    left: rounded(left, aspect),
    top: rounded(top, 1),
    width: rounded(width, aspect),
    height: rounded(height, 1),
  };
}
