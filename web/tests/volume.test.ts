import { describe, expect, it } from 'vitest';
import type { Image } from '@/lib/dicomweb/images';
import { nearest } from '@/lib/geometry/following';
import { gridAt, gridOf, toPlace, toSpace } from '@/lib/geometry/grid';
import { type Stacking, stackingOf } from '@/lib/geometry/stacking';
import type { Vector } from '@/lib/geometry/vectors';
import { reachMm, valueAt } from '@/volume/Assembled';
import { assemble } from '@/volume/assemble';

const SIZE = 20;

function image(position: Vector, change: Partial<Image> = {}): Image {
  const format = { rows: SIZE, columns: SIZE, samplesPerPixel: 1, photometric: 'MONOCHROME2', isPlanar: false, bitsAllocated: 16, bitsStored: 16 };
  return {
    sopInstanceUid: position.join('/'),
    frame: 1,
    format: { ...format, isSigned: true, slope: 1, intercept: 0, unit: 'HU', window: null, voiFunction: 'LINEAR', hasTable: false, aspect: 1 },
    plane: { position, along: [1, 0, 0], down: [0, 1, 0] },
    spacing: { rowMm: 1, columnMm: 1, isAtDetector: false },
    orientation: null,
    frameOfReferenceUid: '1.2',
    regions: [],
    isLossy: false,
    laterality: '',
    viewPosition: '',
    thicknessMm: null,
    acquiredAt: '',
    ratePerS: null,
    ...change,
  };
}

const stack = (positions: Vector[]) => positions.map((position) => image(position));

/** The patient: a value that grows by 1 a millimetre to the left, 10 to the back and 100 to the head. */
const patient = ([x, y, z]: Vector) => x + 10 * y + 100 * z;

function slices(images: Image[]) {
  return (index: number) => {
    const grid = gridOf(images[index] as Image);
    return Float32Array.from({ length: SIZE * SIZE }, (_, pixel) => patient(toSpace(grid, [(pixel % SIZE) + 0.5, Math.floor(pixel / SIZE) + 0.5])));
  };
}

describe('how images lie upon each other', () => {
  it('takes an even stack as it is, whatever its order', () => {
    const found = stackingOf(stack([[0, 0, 4], [0, 0, 0], [0, 0, 2]])) as Stacking;
    expect(found).toMatchObject({ order: [1, 2, 0], stepMm: 2, isRegular: true, isTilted: false });
  });

  it('knows a tilted gantry by the positions', () => {
    const found = stackingOf(stack([[0, 0, 0], [0, 1, 3], [0, 2, 6]])) as Stacking;
    expect(found).toMatchObject({ isRegular: false, isTilted: true });
  });

  it.each([
    ['few', stack([[0, 0, 0], [0, 0, 1]])],
    ['repeated', stack([[0, 0, 0], [0, 0, 0], [0, 0, 1]])],
    ['apart', stack([[0, 0, 0], [0, 0, 1], [0, 0, 60]])],
    ['unplaced', [...stack([[0, 0, 0], [0, 0, 1]]), image([0, 0, 2], { plane: null })]],
    ['unspaced', [...stack([[0, 0, 0], [0, 0, 1]]), image([0, 0, 2], { spacing: null })]],
    ['mixed', [...stack([[0, 0, 0], [0, 0, 1]]), image([0, 0, 2], { plane: { position: [0, 0, 2], along: [0, 1, 0], down: [0, 0, 1] } })]],
    ['colour', [...stack([[0, 0, 0], [0, 0, 1]]), image([0, 0, 2], { format: { ...image([0, 0, 2]).format, photometric: 'MONOCHROME1' } })]],
    ['sideways', stack([[0, 0, 0], [9, 0, 1], [18, 0, 2]])],
  ])('refuses what makes no volume: %s', (reason, images) => {
    expect(stackingOf(images)).toBe(reason);
  });
});

describe('a volume', () => {
  it.each([
    ['even', [[0, 0, 0], [0, 0, 2], [0, 0, 4], [0, 0, 6]]],
    ['uneven', [[0, 0, 0], [0, 0, 1.5], [0, 0, 5], [0, 0, 6]]],
    ['tilted', [[0, 0, 0], [0, 0.7, 2], [0, 1.4, 4], [0, 2.1, 6]]],
  ] as [string, Vector[]][])('has every value where it lies in the patient: %s', async (_, positions) => {
    const images = stack(positions);
    const volume = await assemble(stackingOf(images) as Stacking, images, slices(images), false);
    for (const point of [[5, 8, 0], [10, 9, 3], [3, 12, 5]] as Vector[]) {
      const step = volume.spacingMm[2];
      const snapped: Vector = [point[0], point[1], Math.round(point[2] / step) * step];
      const row = Math.round((snapped[1] - volume.origin[1]) / volume.spacingMm[1]) * volume.spacingMm[1] + volume.origin[1];
      expect(valueAt(volume, [snapped[0], row, snapped[2]])).toBeCloseTo(patient([snapped[0], row, snapped[2]]), 1);
    }
    expect(valueAt(volume, [100, 0, 0])).toBeNull();
  });
});

describe('places in an image', () => {
  it('are in the patient where they were drawn, and back', () => {
    const grid = gridOf(image([-10, 5, 30], { spacing: { rowMm: 0.5, columnMm: 0.25, isAtDetector: false } }));
    const place = toPlace(grid, toSpace(grid, [12.25, 3.5]));
    expect(place[0]).toBeCloseTo(12.25);
    expect(place[1]).toBeCloseTo(3.5);
    expect(toSpace(grid, [0.5, 0.5])).toEqual([-10, 5, 30]);
  });

  it('of ultrasound are worth what their region says, and nothing across two of them', () => {
    const regions = [{ left: 0, top: 0, right: 9, bottom: 19, rowMm: 0.2, columnMm: 0.1 }];
    const us = image([0, 0, 0], { spacing: null, regions });
    expect(gridAt(us, [[1, 1], [5, 5]])).toMatchObject({ scale: 'patient', rowMm: 0.2 });
    expect(gridAt(us, [[1, 1], [15, 5]]).scale).toBe('pixels');
  });
});

describe('scrolling together', () => {
  it('finds the image at the same place, and none that is not parallel', () => {
    const others = stack([[0, 0, 1], [0, 0, 6], [0, 0, 11]]);
    expect(nearest(others, image([40, 0, 7]))).toBe(1);
    expect(nearest(others, image([0, 0, 7]), 4)).toBe(2);
    const sagittal = image([0, 0, 7], { plane: { position: [0, 0, 7], along: [0, 1, 0], down: [0, 0, -1] } });
    expect(nearest(others, sagittal)).toBeNull();
  });
});

it('reaches from its first voxel to its last, whichever way it is asked', async () => {
  const images = stack([[5, 0, 10], [5, 0, 12], [5, 0, 14]]);
  const volume = await assemble(stackingOf(images) as Stacking, images, slices(images), false);
  expect(reachMm(volume, [0, 0, 1])).toEqual([10, 14]);
  expect(reachMm(volume, [0, 0, -1])).toEqual([-14, -10]);
  expect(reachMm(volume, [1, 0, 0])).toEqual([5, 24]);
});
