import type { Grid, Place } from '@/lib/geometry/grid';
import { toPlace, toSpace } from '@/lib/geometry/grid';
import { cross, type Vector } from '@/lib/geometry/vectors';
import type { MeasuredValue, MeasurementKind } from '@/lib/api/measurements';
import { type Field, HOUNSFIELD, linear, NO_UNIT, valuesOf } from '@/lib/measure/values';
import { type Assembled, valueAt } from './Assembled';

const MARGIN = 1;

/** UCUM code of what values are after rescaling. */
export const unitCode = (unit: string) => (unit === 'HU' ? HOUNSFIELD : NO_UNIT);

/** A plane through a volume as an image of its own: how points on it become places, and its values. */
export interface Cut {
  grid: Grid;
  places: Place[];
  field: Field;
}

/** Cuts a volume where somebody drew on it: `normal` looks out of the plane, `up` is the top of what is seen. */
export function cutThrough(volume: Assembled, points: readonly Vector[], normal: Vector, up: Vector): Cut {
  const step = Math.min(...volume.spacingMm);
  const down: Vector = [-up[0], -up[1], -up[2]];
  const base: Grid = {
    position: points[0] ?? volume.origin,
    along: cross(up, normal),
    down,
    rowMm: step,
    columnMm: step,
    scale: 'patient',
    isPlaced: true,
  };
  const rough = points.map((point) => toPlace(base, point));
  const left = Math.floor(Math.min(...rough.map(([column]) => column))) - MARGIN;
  const top = Math.floor(Math.min(...rough.map(([, row]) => row))) - MARGIN;
  const grid = { ...base, position: toSpace(base, [left + 0.5, top + 0.5]) };
  const places = points.map((point) => toPlace(grid, point));
  const field: Field = {
    columns: Math.ceil(Math.max(...places.map(([column]) => column))) + MARGIN,
    rows: Math.ceil(Math.max(...places.map(([, row]) => row))) + MARGIN,
    unit: unitCode(volume.unit),
    at: (column, row) => valueAt(volume, toSpace(grid, [column + 0.5, row + 0.5])),
  };
  return { grid, places, field };
}

const LINES: ReadonlySet<MeasurementKind> = new Set(['length', 'bidirectional', 'angle', 'cobb']);

/** Whether values of pixels belong to a measurement. */
export const hasPixelValues = (kind: MeasurementKind) => !LINES.has(kind) && kind !== 'arrow';

/**
 * Measures in a plane through a volume. A slab shows other values (the largest of several millimetres, or their mean) than
 * lie in its middle, so that none is given there; lengths and areas stay.
 */
export function measuredThrough(volume: Assembled, kind: MeasurementKind, points: readonly Vector[], normal: Vector, up: Vector, isSlab: boolean): MeasuredValue[] {
  if (LINES.has(kind)) return linear(kind, points, 'mm');
  const { grid, places, field } = cutThrough(volume, points, normal, up);
  return valuesOf(kind, places, grid, isSlab ? null : field);
}
