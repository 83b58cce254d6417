import type { MeasuredValue as Value, MeasurementKind as Kind, Quantity } from '@/lib/api/measurements';
import type { Grid, Place } from '@/lib/geometry/grid';
import { toSpace } from '@/lib/geometry/grid';
import { angleDeg, between, distance, minus, type Vector } from '@/lib/geometry/vectors';
import { ellipseArea, ellipseOutline, type Outline, outlineArea, within } from './shapes';

/** The values of an image where it was measured, after rescaling; null outside of it, and where there is none to read. */
export interface Field {
  columns: number;
  rows: number;
  unit: string;
  at(column: number, row: number): number | null;
}

/** UCUM code of Hounsfield units; other devices have no scale of their own. */
export const HOUNSFIELD = "[hnsf'U]";
export const NO_UNIT = '1';

/** Measures in an image: `points` are places, in the order that the kind asks for. */
export function valuesOf(kind: Kind, points: readonly Place[], grid: Grid, field: Field | null): Value[] {
  const outline = outlineOf(kind, points);
  if (outline) return [areaOf(kind, points, outline, grid), ...statistics(outline, field)];
  if (kind === 'probe') return probed(points[0], field);
  return linear(kind, points.map((point) => toSpace(grid, point)), grid.scale === 'pixels' ? '{pixels}' : 'mm');
}

/** Measures lengths and angles between places in the patient. */
export function linear(kind: Kind, points: readonly Vector[], unit: string): Value[] {
  const [a, b, c, d] = points;
  if (!a || !b) return [];
  if (kind === 'length') return [{ quantity: 'length', value: distance(a, b), unit }];
  if (kind === 'angle' && c) return [{ quantity: 'angle', value: angleDeg(a, b, c), unit: 'deg' }];
  if (!c || !d) return [];
  if (kind === 'bidirectional') return axes(distance(a, b), distance(c, d), unit);
  return kind === 'cobb' ? [{ quantity: 'angle', value: cobbDeg(a, b, c, d), unit: 'deg' }] : [];
}

function axes(one: number, other: number, unit: string): Value[] {
  return [
    { quantity: 'length', value: Math.max(one, other), unit },
    { quantity: 'short_axis', value: Math.min(one, other), unit },
  ];
}

/** The acute angle between two end plates, whichever way each was drawn. */
function cobbDeg(a: Vector, b: Vector, c: Vector, d: Vector): number {
  const angle = between(minus(b, a), minus(d, c));
  return Math.min(angle, 180 - angle);
}

function outlineOf(kind: Kind, points: readonly Place[]): Outline | null {
  if (kind === 'ellipse') return ellipseOutline(points);
  return kind === 'rectangle' || kind === 'freehand' ? points : null;
}

function areaOf(kind: Kind, points: readonly Place[], outline: Outline, { rowMm, columnMm, scale }: Grid): Value {
  const pixels = kind === 'ellipse' ? ellipseArea(points) : outlineArea(outline);
  const isKnown = scale !== 'pixels';
  return { quantity: 'area', value: isKnown ? pixels * rowMm * columnMm : pixels, unit: isKnown ? 'mm2' : '{pixels2}' };
}

function probed(place: Place | undefined, field: Field | null): Value[] {
  const value = place && field?.at(Math.floor(place[0]), Math.floor(place[1]));
  return field && value !== null && value !== undefined ? [{ quantity: 'value', value, unit: field.unit }] : [];
}

/** Mean, standard deviation of the population, and ends of the values whose pixels lie within an outline. */
function statistics(outline: Outline, field: Field | null): Value[] {
  if (!field) return [];
  let count = 0;
  let sum = 0;
  let squares = 0;
  let low = Infinity;
  let high = -Infinity;
  within(outline, field.columns, field.rows, (column, row) => {
    const value = field.at(column, row);
    if (value === null) return;
    count += 1;
    sum += value;
    squares += value * value;
    low = Math.min(low, value);
    high = Math.max(high, value);
  });
  if (!count) return [];
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  const said: [Quantity, number][] = [['mean', mean], ['deviation', deviation], ['minimum', low], ['maximum', high]];
  return said.map(([quantity, value]) => ({ quantity, value, unit: field.unit }));
}
