import type { Image } from '@/lib/dicomweb/images';
import type { Plane } from '@/lib/dicomweb/planes';
import { dot, minus, plus, times, type Vector } from './vectors';

/** A place in an image: column and row; the corner of the first pixel is at 0, its middle at 0.5 (PS3.3 C.18.6.1.1). */
export type Place = readonly [column: number, row: number];

/** What one step in an image is worth: millimetres in the patient, millimetres at the detector, or pixels only. */
export type Scale = 'patient' | 'detector' | 'pixels';

/** Where the pixels of an image lie. */
export interface Grid extends Plane {
  rowMm: number;
  columnMm: number;
  scale: Scale;
  /** Whether the place in the patient is known; where it is not, the image lies at zero, for itself. */
  isPlaced: boolean;
}

const NOWHERE: Plane = { position: [0, 0, 0], along: [1, 0, 0], down: [0, 1, 0] };

/** The grid of an image; what nobody said stands there as one pixel high and wide, and as `pixels`. */
export function gridOf({ plane, spacing, format }: Image): Grid {
  const scale = spacing ? (spacing.isAtDetector ? 'detector' : 'patient') : 'pixels';
  return {
    ...(plane ?? NOWHERE),
    rowMm: spacing?.rowMm ?? format.aspect,
    columnMm: spacing?.columnMm ?? 1,
    scale,
    isPlaced: plane !== null,
  };
}

export function toSpace(grid: Grid, [column, row]: Place): Vector {
  const across = times(grid.along, (column - 0.5) * grid.columnMm);
  return plus(plus(grid.position, across), times(grid.down, (row - 0.5) * grid.rowMm));
}

export function toPlace(grid: Grid, point: Vector): Place {
  const from = minus(point, grid.position);
  return [dot(from, grid.along) / grid.columnMm + 0.5, dot(from, grid.down) / grid.rowMm + 0.5];
}

/**
 * The grid as it holds at certain places. Of ultrasound with regions it is that of the region in cm which has all of them;
 * elsewhere nothing is mm, whatever the image calls its Pixel Spacing (PS3.3 C.8.5.5).
 */
export function gridAt(image: Image, places: readonly Place[]): Grid {
  const grid = gridOf(image);
  if (!image.regions.length) return grid;
  const region = image.regions.find((one) => one.spacing && places.every((place) => isWithin(one, place)));
  if (region?.spacing) return { ...grid, ...region.spacing, scale: 'patient' };
  return { ...grid, rowMm: image.format.aspect, columnMm: 1, scale: 'pixels' };
}

const isWithin = ({ left, top, right, bottom }: Image['regions'][number], [column, row]: Place) =>
  column >= left && column <= right + 1 && row >= top && row <= bottom + 1;

/** Whether some part of an image is worth mm. */
export const isMeasurable = ({ spacing, regions }: Image) => (regions.length ? regions.some((one) => one.spacing) : spacing !== null);
