import type { Place } from '@/lib/geometry/grid';

const AROUND = 64;

/** A closed line through places of an image. */
export type Outline = readonly Place[];

/** The outline of an ellipse by the ends of its two axes, as SCOORD has them (PS3.3 C.18.6.1.2). */
export function ellipseOutline([a, b, c, d]: readonly Place[]): Outline {
  if (!a || !b || !c || !d) return [];
  const middle: Place = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  return Array.from({ length: AROUND }, (_, step) => {
    const turn = (2 * Math.PI * step) / AROUND;
    const [along, aside] = [Math.cos(turn) / 2, Math.sin(turn) / 2];
    return [
      middle[0] + (b[0] - a[0]) * along + (d[0] - c[0]) * aside,
      middle[1] + (b[1] - a[1]) * along + (d[1] - c[1]) * aside,
    ];
  });
}

/** The area of an ellipse in pixels, exactly. */
export function ellipseArea([a, b, c, d]: readonly Place[]): number {
  if (!a || !b || !c || !d) return 0;
  const across = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0]);
  return (Math.PI / 4) * Math.abs(across);
}

/** The area within an outline in pixels (the shoelace formula). */
export function outlineArea(outline: Outline): number {
  const twice = outline.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = outline[(at + 1) % outline.length] as Place;
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 2;
}

/** Where a row of pixels, through their middles, crosses an outline; from left to right. */
function crossings(outline: Outline, y: number): number[] {
  const found: number[] = [];
  for (const [at, [x1, y1]] of outline.entries()) {
    const [x2, y2] = outline[(at + 1) % outline.length] as Place;
    if (y1 <= y !== y2 <= y) found.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  }
  return found.sort((a, b) => a - b);
}

/** Calls `each` for every pixel whose middle lies within an outline. */
export function within(outline: Outline, columns: number, rows: number, each: (column: number, row: number) => void): void {
  const ys = outline.map(([, y]) => y);
  const top = Math.max(0, Math.floor(Math.min(...ys)));
  const bottom = Math.min(rows - 1, Math.ceil(Math.max(...ys)));
  for (let row = top; row <= bottom; row += 1) {
    const ends = crossings(outline, row + 0.5);
    for (let pair = 0; pair + 1 < ends.length; pair += 2) {
      const from = Math.max(0, Math.ceil((ends[pair] ?? 0) - 0.5));
      const to = Math.min(columns - 1, Math.ceil((ends[pair + 1] ?? 0) - 0.5) - 1);
      for (let column = from; column <= to; column += 1) each(column, row);
    }
  }
}
