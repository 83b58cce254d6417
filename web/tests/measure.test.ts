import { describe, expect, it } from 'vitest';
import type { MeasurementKind, Quantity } from '@/lib/api/measurements';
import type { Grid, Place } from '@/lib/geometry/grid';
import { outlineArea, within } from '@/lib/measure/shapes';
import { type Field, valuesOf } from '@/lib/measure/values';

const GRID: Grid = { position: [0, 0, 0], along: [1, 0, 0], down: [0, 1, 0], rowMm: 0.5, columnMm: 2, scale: 'patient', isPlaced: true };
/** Columns have their own number as value. */
const FIELD: Field = { columns: 20, rows: 20, unit: "[hnsf'U]", at: (column, row) => (column < 20 && row < 20 ? column : null) };

function said(kind: MeasurementKind, points: Place[], grid = GRID, field: Field | null = FIELD) {
  return Object.fromEntries(valuesOf(kind, points, grid, field).map(({ quantity, value, unit }) => [quantity, [value, unit]])) as Record<Quantity, [number, string]>;
}

describe('measuring', () => {
  it('takes lengths in millimetres of both directions', () => {
    expect(said('length', [[0, 0], [3, 16]]).length).toEqual([10, 'mm']);
  });

  it('takes lengths in pixels where nobody said more', () => {
    const grid: Grid = { ...GRID, rowMm: 1, columnMm: 1, scale: 'pixels' };
    expect(said('length', [[0, 0], [3, 4]], grid).length).toEqual([5, '{pixels}']);
    expect(said('rectangle', [[0, 0], [2, 0], [2, 2], [0, 2]], grid).area).toEqual([4, '{pixels2}']);
  });

  it('takes angles in the patient, not on the screen', () => {
    expect(said('angle', [[1, 0], [0, 0], [1, 4]]).angle[0]).toBeCloseTo(45);
    expect(said('cobb', [[0, 0], [1, 0], [0, 10], [-1, 14]]).angle[0]).toBeCloseTo(45);
  });

  it('calls the longer axis the length, however it was drawn', () => {
    const { length, short_axis: short } = said('bidirectional', [[0, 0], [0, 4], [0, 0], [5, 0]]);
    expect([length[0], short[0]]).toEqual([10, 2]);
  });

  it('takes mean and deviation of the pixels whose middles lie within', () => {
    const { area, mean, deviation, minimum, maximum } = said('rectangle', [[2, 2], [6, 2], [6, 8], [2, 8]]);
    expect(area).toEqual([24, 'mm2']);
    expect(mean[0]).toBeCloseTo(3.5);
    expect(deviation[0]).toBeCloseTo(Math.sqrt(1.25));
    expect([minimum[0], maximum[0]]).toEqual([2, 5]);
  });

  it('takes the area of an ellipse exactly and its mean by its pixels', () => {
    const { area, mean } = said('ellipse', [[4, 10], [16, 10], [10, 6], [10, 14]]);
    expect(area[0]).toBeCloseTo(Math.PI * 6 * 4);
    expect(mean[0]).toBeCloseTo(9.5);
  });

  it('takes the value of the pixel that is pointed at, and none beside the image', () => {
    expect(said('probe', [[7.9, 3.2]]).value).toEqual([7, "[hnsf'U]"]);
    expect(valuesOf('probe', [[25, 3]], GRID, FIELD)).toEqual([]);
  });

  it('gives no values where the image has none to read', () => {
    expect(Object.keys(said('rectangle', [[2, 2], [6, 2], [6, 8], [2, 8]], GRID, null))).toEqual(['area']);
  });
});

describe('an outline', () => {
  it('counts each pixel once, of concave ones too', () => {
    const outline: Place[] = [[0, 0], [10, 0], [10, 10], [5, 3], [0, 10]];
    let count = 0;
    within(outline, 20, 20, () => {
      count += 1;
    });
    expect(Math.abs(count - outlineArea(outline))).toBeLessThan(6);
  });

  it('is cut at the edge of the image', () => {
    const seen: number[] = [];
    within([[-5, -5], [3, -5], [3, 2], [-5, 2]], 20, 20, (column, row) => seen.push(row * 20 + column));
    expect(seen).toEqual([0, 1, 2, 20, 21, 22]);
  });
});
