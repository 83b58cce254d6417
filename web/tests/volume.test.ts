import { describe, expect, it } from 'vitest';
import type { Image } from '@/lib/dicomweb/images';
import { nearest } from '@/lib/geometry/following';
import { gridAt, gridOf, toPlace, toSpace } from '@/lib/geometry/grid';
import { type Stacking, stackingOf } from '@/lib/geometry/stacking';
import type { Vector } from '@/lib/geometry/vectors';
import { reachMm, valueAt } from '@/volume/Assembled';
import { assemble } from '@/volume/assemble';
import type { TFunction } from '@/lib/i18n';
import type { MeasurementKind } from '@/lib/api/measurements';
import { frameOf } from '@/viewer/full/held';
import { linesOf } from '@/viewer/full/lines';
import { measuredThrough } from '@/volume/field';
import { volumeNotes } from '@/viewer/full/shownVolume';

const SIZE = 20;

function image(position: Vector, change: Partial<Image> = {}): Image {
  const format = { rows: SIZE, columns: SIZE, samplesPerPixel: 1, photometric: 'MONOCHROME2', isPlanar: false, bitsAllocated: 16, bitsStored: 16 };
  return {
    sopInstanceUid: position.join('/'),
    frame: 1,
    isOneOfMany: false,
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
    ['uneven', [[0, 0, 0], [0, 0, 1.5], [0, 0, 3.5], [0, 0, 5]]],
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

describe('values between two images', () => {
  const images = stack([[0, 0, 0], [0, 0, 1], [0, 0, 2.6]]);
  const between = async (kind: Int16ArrayConstructor | Float32ArrayConstructor, low: number, high: number) => {
    const values = [low, low, high].map((value) => new kind(SIZE * SIZE).fill(value));
    const volume = await assemble(stackingOf(images) as Stacking, images, (index) => values[index]!, false);
    return valueAt(volume, [5, 8, 2]);
  };

  it.each([[0, 1, 1], [-1, 0, 0], [-3, -2, -2], [10, 11, 11], [-20, -21, -21]])('are rounded to whole ones: from %i to %i it is %i', async (low, high, value) => {
    expect(await between(Int16Array, low, high)).toBe(value);
  });

  it('keep their fractions where images have some', async () => {
    expect(await between(Float32Array, 0, 1)).toBeCloseTo(1 / 1.6);
  });
});

describe('where images are missing', () => {
  const images = stack([[0, 0, 0], [0, 0, 2], [0, 0, 4], [0, 0, 12], [0, 0, 14]]);

  it('a volume has no values, and its lowest stands there', async () => {
    const stacking = stackingOf(images) as Stacking;
    const volume = await assemble(stacking, images, slices(images), false);
    expect(stacking.gaps).toEqual([2]);
    expect([...volume.missing]).toEqual([3, 4, 5]);
    for (const height of [6, 8, 10]) expect(valueAt(volume, [5, 8, height])).toBeNull();
    for (const height of [0, 2, 4, 12, 14]) expect(valueAt(volume, [5, 8, height])).toBe(patient([5, 8, height]));
    expect(volume.values[4 * SIZE * SIZE + 8 * SIZE + 5]).toBe(patient([0, 0, 0]));
  });

  it('an image beside them goes no further than half a step', async () => {
    const off = stack([[0, 0, 0], [0, 0, 2], [0, 0, 4], [0, 0, 8.8], [0, 0, 10.8]]);
    const volume = await assemble(stackingOf(off) as Stacking, off, slices(off), false);
    expect([...volume.missing]).toEqual([3]);
    expect(valueAt(volume, [5, 8, 8])).toBeCloseTo(patient([5, 8, 8.8]), 1);
  });

  it('a series that goes on with wider steps misses none', () => {
    const head = stack([0, 1, 2, 3, 8, 13, 18].map((height): Vector => [0, 0, height]));
    expect((stackingOf(head) as Stacking).gaps).toEqual([]);
  });

  it('planes and bodies say so', async () => {
    const volume = await assemble(stackingOf(images) as Stacking, images, slices(images), false);
    expect(volumeNotes(((key: string) => key) as TFunction, volume)).toContain('volume.missing');
  });
});

describe('a measurement in a plane through a volume', () => {
  const box: Vector[] = [[2, 2, 2], [8, 2, 2], [8, 8, 2], [2, 8, 2]];

  it('has no values of pixels where a slab is seen, but its area', async () => {
    const images = stack([[0, 0, 0], [0, 0, 2], [0, 0, 4]]);
    const volume = await assemble(stackingOf(images) as Stacking, images, slices(images), false);
    const quantities = (kind: MeasurementKind, points: Vector[], isSlab: boolean) =>
      measuredThrough(volume, kind, points, [0, 0, 1], [0, -1, 0], isSlab).map(({ quantity }) => quantity);
    expect(quantities('rectangle', box, false)).toEqual(['area', 'mean', 'deviation', 'minimum', 'maximum']);
    expect(quantities('rectangle', box, true)).toEqual(['area']);
    expect(quantities('probe', box.slice(0, 1), false)).toEqual(['value']);
    expect(quantities('probe', box.slice(0, 1), true)).toEqual([]);
    expect(quantities('length', box.slice(0, 2), true)).toEqual(['length']);
  });

  it('says why it has none', () => {
    const said = { values: [], isAtDetector: false, isPreview: false, isInSlab: true };
    expect(linesOf(((key: string) => key) as TFunction, said)).toEqual(['measure.inSlab']);
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
    const regions = [{ left: 0, top: 0, right: 9, bottom: 19, spacing: { rowMm: 0.2, columnMm: 0.1 } }];
    const us = image([0, 0, 0], { spacing: null, regions });
    expect(gridAt(us, [[1, 1], [5, 5]])).toMatchObject({ scale: 'patient', rowMm: 0.2 });
    expect(gridAt(us, [[1, 1], [15, 5]]).scale).toBe('pixels');
  });

  it('of ultrasound with regions are worth nothing else, whatever the image says of its pixels', () => {
    const [left, right] = [{ left: 0, top: 0, right: 9, bottom: 19 }, { left: 10, top: 0, right: 19, bottom: 19 }];
    const regions = [{ ...left, spacing: { rowMm: 0.2, columnMm: 0.1 } }, { ...right, spacing: null }];
    const us = image([0, 0, 0], { regions });
    expect(gridAt(us, [[1, 1], [5, 5]])).toMatchObject({ scale: 'patient', rowMm: 0.2 });
    expect(gridAt(us, [[12, 1], [15, 5]])).toMatchObject({ scale: 'pixels', rowMm: 1, columnMm: 1 });
    expect(gridAt({ ...us, regions: regions.slice(1) }, [[1, 1], [5, 5]]).scale).toBe('pixels');
  });
});

describe('the frame that images are drawn in', () => {
  it('is that of the patient only where an image says where it lies', () => {
    expect(frameOf(image([0, 0, 4]))).toBe('1.2');
    expect(frameOf(image([0, 0, 4], { plane: null }))).toBe('for/0/0/4');
    expect(frameOf(image([0, 0, 4], { frameOfReferenceUid: '' }))).toBe('for/0/0/4');
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
