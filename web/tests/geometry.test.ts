import { describe, expect, it } from 'vitest';
import { imagesOf } from '../src/lib/dicomweb/images';
import type { DataSet } from '../src/lib/dicomweb/json';
import { gridOf } from '../src/lib/geometry/grid';
import { depthMm, lettersOf, orientationOf, planeOf, spacingOf } from '../src/lib/dicomweb/planes';
import { type Camera, edgesOf, flipped, toImage, transformOf, turned, UPRIGHT, zoomed } from '../src/viewer/lean/camera';

const ds = (values: Record<string, (number | string)[]>): DataSet =>
  Object.fromEntries(Object.entries(values).map(([tag, Value]) => [tag, { vr: 'DS', Value }]));

const AXIAL = ds({ '00200032': [-100, -120, 40], '00200037': [1, 0, 0, 0, 1, 0] });

describe('where an image lies', () => {
  it('is known from position and cosines', () => {
    expect(planeOf(AXIAL)).toEqual({ position: [-100, -120, 40], along: [1, 0, 0], down: [0, 1, 0] });
    expect(depthMm(planeOf(AXIAL)!)).toBe(40);
  });

  it('is unknown where it is not said or cannot be', () => {
    expect(planeOf({})).toBeNull();
    expect(planeOf(ds({ '00200032': [0, 0, 0], '00200037': [1, 0, 0, 1, 0, 0] }))).toBeNull();
    expect(planeOf(ds({ '00200032': [0, 0, 0], '00200037': [0, 0, 0, 0, 0, 0] }))).toBeNull();
  });

  it('names the directions, the strongest first', () => {
    expect(orientationOf(AXIAL)).toEqual({ right: 'L', bottom: 'P' });
    expect(lettersOf([0.8, 0, 0.6])).toBe('LH');
    expect(lettersOf([-0.995, 0.0998, 0])).toBe('R');
  });

  it('is never guessed of a projection', () => {
    expect(orientationOf({})).toBeNull();
    expect(orientationOf({ '00200020': { vr: 'CS', Value: ['L', 'F'] } })).toEqual({ right: 'L', bottom: 'F' });
  });
});

describe('the size of a pixel', () => {
  it('of a projection is that at the detector', () => {
    expect(spacingOf(ds({ '00280030': [0.5, 0.7] }))).toEqual({ rowMm: 0.5, columnMm: 0.7, isAtDetector: false });
    expect(spacingOf(ds({ '00181164': [0.2, 0.2] }))).toEqual({ rowMm: 0.2, columnMm: 0.2, isAtDetector: true });
  });

  it('is still that at the detector where nobody corrected what the image calls its spacing', () => {
    const said = { '00280030': [0.2, 0.2], '00181164': [0.2, 0.2] };
    expect(spacingOf(ds(said))?.isAtDetector).toBe(true);
    expect(spacingOf(ds({ ...said, '00280A02': ['UNKNOWN'] }))?.isAtDetector).toBe(true);
    expect(spacingOf(ds({ ...said, '00280A02': ['GEOMETRY'] }))?.isAtDetector).toBe(false);
    expect(spacingOf(ds({ ...said, '00280A02': ['FIDUCIAL'] }))?.isAtDetector).toBe(false);
    expect(spacingOf(ds({ ...said, '00280030': [0.18, 0.18] }))).toEqual({ rowMm: 0.18, columnMm: 0.18, isAtDetector: false });
    expect(spacingOf(ds({ '00181164': [0.2, 0.2], '00280A02': ['GEOMETRY'] }))?.isAtDetector).toBe(true);
  });

  it.each([
    ['directions that are not at a right angle', { '00200032': [0, 0, 0], '00200037': [1, 0, 0, 0.6, 0.8, 0] }],
    ['directions that are no unit vectors', { '00200032': [0, 0, 0], '00200037': [2, 0, 0, 0, 1, 0] }],
    ['half an orientation', { '00200032': [0, 0, 0], '00200037': [1, 0, 0] }],
    ['a position alone', { '00200032': [0, 0, 0] }],
    ['an orientation alone', { '00200037': [1, 0, 0, 0, 1, 0] }],
  ])('is not believed of an image that contradicts itself: %s', (_, said) => {
    const [image] = imagesOf([ds({ '00280010': [4], '00280011': [4], '00280030': [0.5, 0.5], ...said })]);
    expect(gridOf(image!)).toMatchObject({ scale: 'pixels', rowMm: 1, columnMm: 1 });
  });

  it('is believed of a projection, which lies nowhere', () => {
    const [image] = imagesOf([ds({ '00280010': [4], '00280011': [4], '00280030': [0.5, 0.5] })]);
    expect(gridOf(image!)).toMatchObject({ scale: 'patient', rowMm: 0.5 });
  });

  it('is none where it is zero or not said', () => {
    expect(spacingOf(ds({ '00280030': [0, 0] }))).toBeNull();
    expect(spacingOf({})).toBeNull();
  });
});

describe('frames of an enhanced image', () => {
  it('have what is said of all of them and of each', () => {
    const instance: DataSet = {
      ...ds({ '00280010': [4], '00280011': [4], '00280008': [2] }),
      '52009229': { vr: 'SQ', Value: [{ '00289110': { vr: 'SQ', Value: [ds({ '00280030': [0.5, 0.5] })] } }] },
      '52009230': {
        vr: 'SQ',
        Value: [1, 2].map((place) => ({
          '00209113': { vr: 'SQ', Value: [ds({ '00200032': [0, 0, place] })] },
          '00209116': { vr: 'SQ', Value: [ds({ '00200037': [1, 0, 0, 0, 1, 0] })] },
          '00289145': { vr: 'SQ', Value: [ds({ '00281053': [place], '00281052': [-place] })] },
        })),
      },
    };
    const images = imagesOf([instance]);
    expect(images.map(({ plane, spacing, format }) => [plane?.position[2], spacing?.rowMm, format.slope, format.intercept])).toEqual([
      [1, 0.5, 1, -1],
      [2, 0.5, 2, -2],
    ]);
  });
});

describe('an image on its stage', () => {
  const image = { width: 100, height: 50, aspect: 2 };
  const stage = { width: 400, height: 300 };
  const cameras: Camera[] = [UPRIGHT, turned(UPRIGHT), flipped(turned(UPRIGHT)), { ...flipped(UPRIGHT), zoom: 2, panX: 30, panY: -7 }];

  it('fills it in the true proportion of its pixels', () => {
    expect(transformOf(image, UPRIGHT, stage)).toEqual({ a: 3, b: 0, c: -0, d: 6, e: 50, f: 0 });
  });

  it.each(cameras)('is found under the pointer: %j', (camera) => {
    const { a, b, c, d, e, f } = transformOf(image, camera, stage);
    const [x, y] = toImage({ a, b, c, d, e, f }, a * 12 + c * 34 + e, b * 12 + d * 34 + f);
    expect([x, y]).toEqual([expect.closeTo(12, 9), expect.closeTo(34, 9)]);
  });

  it.each(cameras)('keeps what lies under the pointer when it is zoomed: %j', (camera) => {
    const before = toImage(transformOf(image, camera, stage), 111, 99);
    const after = toImage(transformOf(image, zoomed(camera, 1.7, stage, 111, 99), stage), 111, 99);
    expect(after).toEqual([expect.closeTo(before[0], 9), expect.closeTo(before[1], 9)]);
  });

  it('says where its edges look to, turned and mirrored', () => {
    const axial = { right: 'L', bottom: 'P' };
    expect(edgesOf(axial, UPRIGHT)).toEqual({ top: 'A', right: 'L', bottom: 'P', left: 'R' });
    expect(edgesOf(axial, turned(UPRIGHT))).toEqual({ top: 'R', right: 'A', bottom: 'L', left: 'P' });
    expect(edgesOf(axial, flipped(UPRIGHT))).toEqual({ top: 'A', right: 'R', bottom: 'P', left: 'L' });
    expect(edgesOf(axial, flipped(turned(UPRIGHT)))).toEqual({ top: 'R', right: 'P', bottom: 'L', left: 'A' });
  });
});
