import type { Image } from '@/lib/dicomweb/images';
import { depthMm, type Plane, type Spacing } from '@/lib/dicomweb/planes';
import { cross, dot, lengthOf, minus, times, type Vector } from './vectors';

/** Why a series is no volume; the words stand in the catalogue under `volume.refused`. */
export type Refusal = 'few' | 'unplaced' | 'unspaced' | 'mixed' | 'sizes' | 'colour' | 'repeated' | 'sideways';

/** How the images of a series lie upon each other. */
export interface Stacking {
  /** Places in the series, from the lowest image along the normal to the highest. */
  order: number[];
  /** Of the images in that order: how far each lies along the normal from the first, and aside from it within its plane. */
  depthsMm: number[];
  asideMm: [number, number][];
  first: Plane;
  spacing: Spacing;
  normal: Vector;
  /** Between neighbours; where they differ, the smallest that is worth a slice of its own. */
  stepMm: number;
  /** After which images, from the lowest, some are missing. */
  gaps: number[];
  /** Whether the images lie straight above each other at equal distances: then no value has to be interpolated. */
  isRegular: boolean;
  isTilted: boolean;
}

const SAME_DIRECTION = 1e-3;
const LEAST_IMAGES = 3;
const SAME_PLACE_MM = 0.01;
/** Parts of a pixel, and of a step, that are lost in the digits of positions. */
const ROUNDING = 0.05;
/** Times the usual step: where neighbours are further apart, images are missing between them (ADR 26). */
const GAP = 1.75;
const NEIGHBOURS = 3;
/** Aside by more than it rises: such a "stack" is a fan or a localizer. */
const STEEPEST = 1;

/** Tells how the images of a series make a volume, from their positions alone; or why they make none. */
export function stackingOf(images: readonly Image[]): Stacking | Refusal {
  const refusal = unfit(images);
  if (refusal) return refusal;
  const sorted = images
    .map((image, index) => ({ index, plane: image.plane as Plane, depth: depthMm(image.plane as Plane) }))
    .sort((a, b) => a.depth - b.depth);
  const { plane: first, depth: base } = sorted[0] as (typeof sorted)[number];
  const depthsMm = sorted.map(({ depth }) => depth - base);
  const steps = depthsMm.slice(1).map((depth, at) => depth - (depthsMm[at] ?? 0));
  const stepMm = Math.min(...steps);
  if (stepMm < SAME_PLACE_MM) return 'repeated';
  const asideMm = sorted.map(({ plane }) => asideOf(first, plane));
  const spacing = images[0]?.spacing as Spacing;
  const isTilted = asideMm.some(([across, down]) => Math.hypot(across, down) > ROUNDING * Math.min(spacing.rowMm, spacing.columnMm));
  if (isTilted && asideMm.some(([across, down], at) => Math.hypot(across, down) > STEEPEST * (depthsMm[at] ?? 0) + spacing.rowMm)) return 'sideways';
  const meanMm = (depthsMm.at(-1) ?? 0) / steps.length;
  const isEven = depthsMm.every((depth, at) => Math.abs(depth - at * meanMm) < ROUNDING * meanMm);
  return {
    order: sorted.map(({ index }) => index),
    depthsMm,
    asideMm,
    first,
    spacing,
    normal: cross(first.along, first.down),
    stepMm: isEven ? meanMm : Math.max(stepMm, Math.min(spacing.rowMm, spacing.columnMm)),
    gaps: [...steps.keys()].filter((at) => (steps[at] ?? 0) > GAP * usualBeside(steps, at)),
    isRegular: isEven && !isTilted,
    isTilted,
  };
}

/** The usual step beside one. Heads are scanned thin at the base and thick above: where a series goes on so, nothing is missing. */
function usualBeside(steps: readonly number[], at: number): number {
  const sides = [steps.slice(Math.max(0, at - NEIGHBOURS), at), steps.slice(at + 1, at + 1 + NEIGHBOURS)];
  return Math.max(...sides.filter((side) => side.length).map(median));
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [low = 0, high = 0] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return (low + high) / 2;
}

function unfit(images: readonly Image[]): Refusal | null {
  const [first] = images;
  if (!first || images.length < LEAST_IMAGES) return 'few';
  if (images.some(({ format }) => format.samplesPerPixel > 1 || format.hasTable || format.photometric !== first.format.photometric)) return 'colour';
  if (images.some(({ plane }) => !plane)) return 'unplaced';
  if (images.some(({ spacing }) => !spacing || spacing.isAtDetector)) return 'unspaced';
  if (images.some((image) => !isParallel(image.plane as Plane, first.plane as Plane))) return 'mixed';
  return images.some((image) => !isAlike(image, first)) ? 'sizes' : null;
}

function isParallel(a: Plane, b: Plane): boolean {
  return lengthOf(minus(a.along, b.along)) < SAME_DIRECTION && lengthOf(minus(a.down, b.down)) < SAME_DIRECTION;
}

function isAlike(a: Image, b: Image): boolean {
  const isNear = (one = 0, other = 0) => Math.abs(one - other) < 1e-3 * other;
  const isSameSize = a.format.rows === b.format.rows && a.format.columns === b.format.columns;
  return isSameSize && isNear(a.spacing?.rowMm, b.spacing?.rowMm) && isNear(a.spacing?.columnMm, b.spacing?.columnMm);
}

function asideOf(first: Plane, plane: Plane): [number, number] {
  const from = minus(plane.position, first.position);
  const rise = times(cross(first.along, first.down), dot(from, cross(first.along, first.down)));
  const aside = minus(from, rise);
  return [dot(aside, first.along), dot(aside, first.down)];
}
