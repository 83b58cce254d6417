import type { Image, Window } from '@/lib/dicomweb/images';
import type { Stacking } from '@/lib/geometry/stacking';
import { dot, minus, times, type Vector } from '@/lib/geometry/vectors';

export type VolumeValues = Int16Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** A series as one block of values, after rescaling; columns run fastest, then rows, then slices. */
export interface Assembled {
  values: VolumeValues;
  columns: number;
  rows: number;
  slices: number;
  /** Between columns, rows and slices. */
  spacingMm: Vector;
  /** The middle of the first voxel. */
  origin: Vector;
  along: Vector;
  down: Vector;
  normal: Vector;
  /** Whether the images did not lie straight or evenly upon each other, so that values had to be interpolated. */
  isResampled: boolean;
  /** Slices in which nothing is known, since images are missing there. */
  missing: ReadonlySet<number>;
  /** Whether some of it is previews: good for finding the way, not for measuring. */
  isPreview: boolean;
  frameOfReferenceUid: string;
  unit: string;
  /** An image of the series, to say what all have in common. */
  sample: Image;
  stacking: Stacking;
}

/** The value at a place in the patient, of the nearest voxel; null outside, and where images are missing. */
export function valueAt(volume: Assembled, point: Vector): number | null {
  const from = minus(point, volume.origin);
  const [columnMm, rowMm, sliceMm] = volume.spacingMm;
  const column = Math.round(dot(from, volume.along) / columnMm);
  const row = Math.round(dot(from, volume.down) / rowMm);
  const slice = Math.round(dot(from, volume.normal) / sliceMm);
  if (volume.missing.has(slice)) return null;
  const isInside = column >= 0 && row >= 0 && slice >= 0 && column < volume.columns && row < volume.rows && slice < volume.slices;
  return isInside ? (volume.values[(slice * volume.rows + row) * volume.columns + column] ?? null) : null;
}

/** From where to where the middles of the voxels lie along a direction, in mm. */
export function reachMm(volume: Assembled, direction: Vector): readonly [number, number] {
  const steps = [times(volume.along, volume.spacingMm[0] * (volume.columns - 1)), times(volume.down, volume.spacingMm[1] * (volume.rows - 1)), times(volume.normal, volume.spacingMm[2] * (volume.slices - 1))];
  const start = dot(volume.origin, direction);
  const ways = steps.map((step) => dot(step, direction));
  return [start + sum(ways.filter((way) => way < 0)), start + sum(ways.filter((way) => way > 0))];
}

const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);

/** The window that shows all of a volume, where its images bring none. */
export function wholeWindow({ values }: Assembled): Window {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { center: Math.round((low + high + 1) / 2), width: Math.max(1, Math.round(high - low + 1)) };
}
