import type { Image } from '@/lib/dicomweb/images';
import { type Grid, gridOf, toPlace } from '@/lib/geometry/grid';
import type { Stacking } from '@/lib/geometry/stacking';
import { cross, dot, lengthOf, minus, plus, times, unit, type Vector } from '@/lib/geometry/vectors';
import { drawContour, type LabelMap, type Line, type Overlay, paintsOf, type Part, type ToSpot } from './overlays';

/** A plane on the glass, in the patient: where its upper left corner lies, and how far one pixel of the page goes. */
export interface Glass {
  corner: Vector;
  right: Vector;
  down: Vector;
}

/** What lies over one image of a series. */
interface Slice {
  grid: Grid;
  map: LabelMap | null;
  lines: Line[];
}

/** What lies over all images of a series, to be cut by any plane. */
export interface Solid {
  parts: Part[];
  first: Vector;
  normal: Vector;
  slices: Slice[];
  /**
   * Where along the normal each slice begins, and the last one ends: halfway to its neighbours. Where images are missing
   * lies a slice of its own, with nothing in it.
   */
  bordersMm: number[];
}

const PARALLEL = 0.999;

export function solidOf(overlay: Overlay, images: readonly Image[], stacking: Stacking): Solid {
  const { order, gaps, first, normal } = stacking;
  const slices = order.flatMap((index, at) => {
    const image = images[index] as Image;
    const slice = { grid: gridOf(image), map: overlay.mapOf(image), lines: overlay.contoursOf(image) };
    return gaps.includes(at) ? [slice, { ...slice, map: null, lines: [] }] : [slice];
  });
  return { parts: overlay.parts, first: first.position, normal, slices, bordersMm: bordersOf(stacking) };
}

function bordersOf({ depthsMm, gaps, stepMm }: Stacking): number[] {
  const between = depthsMm.slice(1).flatMap((depth, at) => {
    const below = depthsMm[at] ?? 0;
    return gaps.includes(at) ? [below + stepMm / 2, depth - stepMm / 2] : [(depth + below) / 2];
  });
  const [first = 0, last = 0] = [depthsMm[0], depthsMm.at(-1)];
  return [2 * first - (between[0] ?? 0), ...between, 2 * last - (between.at(-1) ?? 0)];
}

/** The slice that a depth lies in, looked for from another one on; -1 outside. */
function sliceAt(bordersMm: readonly number[], depthMm: number, from: number): number {
  let at = Math.max(0, from);
  while (at > 0 && depthMm < (bordersMm[at] as number)) at -= 1;
  while (at < bordersMm.length - 2 && depthMm >= (bordersMm[at + 1] as number)) at += 1;
  return depthMm >= (bordersMm[at] as number) && depthMm < (bordersMm[at + 1] as number) ? at : -1;
}

/** Paints the labels that lie in a plane: each pixel that of the nearest image, on that image's own grid. */
export function paintLabels(pixels: Uint8ClampedArray, width: number, { slices, bordersMm, first, normal }: Solid, { corner, right, down }: Glass, paints: ReadonlyMap<number, readonly number[]>): void {
  const { along, down: below, columnMm, rowMm } = (slices[0] as Slice).grid;
  const perPixel = (step: Vector) => [dot(step, normal), dot(step, along) / columnMm, dot(step, below) / rowMm] as const;
  const [[depthX, columnX, rowX], [depthY, columnY, rowY]] = [perPixel(right), perPixel(down)];
  const starts = slices.map(({ grid }) => toPlace(grid, corner));
  const startMm = dot(minus(corner, first), normal);
  let at = 0;
  for (let pixel = 0; pixel * 4 < pixels.length; pixel += 1) {
    const [x, y] = [(pixel % width) + 0.5, Math.floor(pixel / width) + 0.5];
    at = sliceAt(bordersMm, startMm + x * depthX + y * depthY, at);
    const map = slices[at]?.map;
    if (!map) continue;
    const [startColumn, startRow] = starts[at] as (typeof starts)[number];
    const column = Math.floor(startColumn + x * columnX + y * columnY);
    const row = Math.floor(startRow + x * rowX + y * rowY);
    if (column < 0 || row < 0 || column >= map.columns || row >= map.rows) continue;
    const paint = paints.get(map.labels[row * map.columns + column] as number);
    if (paint) pixels.set(paint, pixel * 4);
  }
}

/** The contours that a plane shows: those of the image that it lies on, or what it cuts of all of them. */
export function linesIn({ slices, bordersMm, first, normal }: Solid, { corner, right, down }: Glass): Line[] {
  const outwards = unit(cross(right, down));
  if (Math.abs(dot(outwards, normal)) > PARALLEL) {
    return slices[sliceAt(bordersMm, dot(minus(corner, first), normal), 0)]?.lines ?? [];
  }
  return slices.flatMap(({ lines }) => lines.flatMap((line) => chordsOf(line, corner, outwards)));
}

/** Where a plane cuts a contour: through what a closed one goes around, and in points of an open one. */
function chordsOf(line: Line, corner: Vector, outwards: Vector): Line[] {
  const met = crossings(line, corner, outwards);
  const [one, other] = met;
  if (!one) return [];
  if (!line.isClosed || !other) return met.map((point) => ({ ...line, points: [point], isClosed: false }));
  const direction = minus(met.reduce((far, point) => (lengthOf(minus(point, one)) > lengthOf(minus(far, one)) ? point : far)), one);
  const sorted = [...met].sort((a, b) => dot(minus(a, b), direction));
  return pairs(sorted).map((points) => ({ ...line, points, isClosed: false }));
}

function crossings({ points, isClosed }: Line, corner: Vector, outwards: Vector): Vector[] {
  const ends = isClosed ? [...points.slice(1), ...points.slice(0, 1)] : points.slice(1);
  return ends.flatMap((end, at) => {
    const start = points[at] as Vector;
    const [from, to] = [dot(minus(start, corner), outwards), dot(minus(end, corner), outwards)];
    return from >= 0 === to >= 0 ? [] : [plus(start, times(minus(end, start), from / (from - to)))];
  });
}

function pairs(points: Vector[]): Vector[][] {
  return points.flatMap((point, at) => (at % 2 === 0 ? [[point, points[at + 1] ?? point]] : []));
}

/** Draws what a plane shows of all that lies over its series. */
export function drawCuts(context: CanvasRenderingContext2D, solids: readonly Solid[], hidden: ReadonlySet<string>, glass: Glass, toSpot: ToSpot): void {
  const { clientWidth: width, clientHeight: height } = context.canvas;
  if (!width || !height) return;
  for (const solid of solids) {
    if (solid.slices.some(({ map }) => map)) drawLabels(context, width, height, solid, glass, hidden);
    for (const { part, points, isClosed } of linesIn(solid, glass)) {
      if (!hidden.has(part.key)) drawContour(context, points.map(toSpot), part.colour, isClosed);
    }
  }
}

function drawLabels(context: CanvasRenderingContext2D, width: number, height: number, solid: Solid, glass: Glass, hidden: ReadonlySet<string>): void {
  const paints = paintsOf(solid.parts, hidden);
  if (!paints.size) return;
  const pixels = new ImageData(width, height);
  paintLabels(pixels.data, width, solid, glass, paints);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  context.drawImage(canvas, 0, 0);
}
