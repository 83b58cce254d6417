import { describe, expect, it } from 'vitest';
import type { Segmentation, StructureSet } from '@/lib/api/segmentations';
import type { Image } from '@/lib/dicomweb/images';
import { type Stacking, stackingOf } from '@/lib/geometry/stacking';
import type { Vector } from '@/lib/geometry/vectors';
import { type Glass, linesIn, paintLabels, solidOf } from '@/viewer/full/cuts';
import { paintsOf, segmentationOverlay, structureOverlay } from '@/viewer/full/overlays';

const SIZE = 8;
const RED = [255, 0, 0] as [number, number, number];

/** Images of 8 by 8 pixels of 1 mm, at these heights; each lies `aside` mm further to the back than the one below. */
function scan(heightsMm: readonly number[], asideMm = 0): Image[] {
  return heightsMm.map((height, at) => ({
    sopInstanceUid: `1.${at}`,
    frame: 1,
    frameOfReferenceUid: '1.9',
    format: { rows: SIZE, columns: SIZE, aspect: 1, samplesPerPixel: 1, hasTable: false },
    plane: { position: [0, at * asideMm, height] as Vector, along: [1, 0, 0] as Vector, down: [0, 1, 0] as Vector },
    spacing: { rowMm: 1, columnMm: 1, isAtDetector: false },
    regions: [],
  })) as unknown as Image[];
}

/** A segment of one pixel, at column 2 and row 5, on some of the images. */
function spot(images: readonly Image[], on: readonly number[]) {
  const labels = new Uint8Array(SIZE * SIZE * on.length);
  for (const at of on.keys()) labels[at * SIZE * SIZE + 5 * SIZE + 2] = 1;
  const said = {
    sop_instance_uid: '2.1',
    rows: SIZE,
    columns: SIZE,
    refusal: '',
    segments: [{ number: 1, label: 'spot', colour: RED }],
    images: on.map((at) => ({ sop_instance_uid: images[at]?.sopInstanceUid, frame: 1 })),
  } as unknown as Segmentation;
  return solidOf(segmentationOverlay(said, labels), images, stackingOf(images) as Stacking);
}

/** Pixels of 1 mm with their edges on those of the voxels; what is seen from the right has the head at the top. */
const fromBelow = (height: number): Glass => ({ corner: [-0.5, -0.5, height], right: [1, 0, 0], down: [0, 1, 0] });
const fromTheRight = (x: number, top: number): Glass => ({ corner: [x, -0.5, top], right: [0, 1, 0], down: [0, 0, -1] });

/** Columns and rows of the pixels that are painted on a glass of 12 by 12. */
function painted(solid: ReturnType<typeof spot>, glass: Glass, hidden: ReadonlySet<string> = new Set()): [number, number][] {
  const pixels = new Uint8ClampedArray(12 * 12 * 4);
  paintLabels(pixels, 12, solid, glass, paintsOf(solid.parts, hidden));
  return [...pixels.keys()].filter((at) => at % 4 === 3 && pixels[at]).map((at) => [((at - 3) / 4) % 12, Math.floor((at - 3) / 48)]);
}

describe('a segment in a plane', () => {
  it('is seen from below and from the side where it lies', () => {
    const solid = spot(scan([0, 1, 2, 3]), [1, 2]);
    expect(painted(solid, fromBelow(1.2))).toEqual([[2, 5]]);
    expect(painted(solid, fromBelow(2.6))).toEqual([]);
    expect(painted(solid, fromTheRight(2.2, 3.5))).toEqual([[5, 1], [5, 2]]);
    expect(painted(solid, fromTheRight(3.2, 3.5))).toEqual([]);
  });

  it('ends half a slice beyond the last image, and is not seen where it is hidden', () => {
    const solid = spot(scan([0, 1, 2]), [0, 1, 2]);
    expect(painted(solid, fromTheRight(2, 5.5)).map(([, row]) => row)).toEqual([3, 4, 5]);
    expect(painted(solid, fromBelow(1), new Set(['2.1/1']))).toEqual([]);
  });

  it('reaches halfway to the next image where images lie unevenly', () => {
    const solid = spot(scan([0, 2, 4, 7]), [2]);
    expect(painted(solid, fromTheRight(2, 9.5)).map(([, row]) => row)).toEqual([4, 5, 6]);
  });

  it('does not reach into where images are missing', () => {
    expect(painted(spot(scan([0, 1, 2, 8]), [2]), fromTheRight(2, 9.5)).map(([, row]) => row)).toEqual([7]);
    expect(painted(spot(scan([0, 1, 2, 8]), [3]), fromTheRight(2, 9.5)).map(([, row]) => row)).toEqual([1]);
  });

  it('goes aside with the images of a tilted gantry', () => {
    const solid = spot(scan([0, 1, 2, 3], 0.5), [0, 2]);
    expect(painted(solid, fromBelow(0))).toEqual([[2, 5]]);
    expect(painted(solid, fromBelow(2))).toEqual([[2, 6]]);
  });

  it('leans with a plane that does', () => {
    const solid = spot(scan([0, 1, 2, 3]), [0, 1, 2, 3]);
    const half = Math.SQRT1_2;
    const glass: Glass = { corner: [1.5, 5 - 3 * half, 1 - 3 * half], right: [0, half, half], down: [1, 0, 0] };
    expect(painted(solid, glass).filter(([, row]) => row === 0).map(([column]) => column)).toEqual([2, 3]);
  });
});

/** A structure whose outline goes around the same square on some of the images. */
function square(images: readonly Image[], on: readonly number[], kind = 'CLOSED_PLANAR') {
  const outline = (z: number) => [1, 1, z, 5, 1, z, 5, 4, z, 1, 4, z];
  const said = {
    sop_instance_uid: '3.1',
    frame_of_reference_uid: '1.9',
    label: 'set',
    rois: [{ number: 1, name: 'square', colour: RED, contours: on.map((at) => ({ kind, sop_instance_uid: images[at]?.sopInstanceUid ?? null, frames: [], points: outline(at) })) }],
  } as unknown as StructureSet;
  return solidOf(structureOverlay(said), images, stackingOf(images) as Stacking);
}

describe('a structure in a plane', () => {
  const images = scan([0, 1, 2, 3]);

  it('is its outline where the plane lies on the image', () => {
    const lines = linesIn(square(images, [1, 2]), fromBelow(1.4));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ isClosed: true, points: [[1, 1, 1], [5, 1, 1], [5, 4, 1], [1, 4, 1]] });
    expect(linesIn(square(images, [1, 2]), fromBelow(3))).toEqual([]);
  });

  it('is cut from the front of what it goes around to its back', () => {
    const lines = linesIn(square(images, [1, 2]), fromTheRight(2, 3.5));
    expect(lines.map(({ points }) => points)).toEqual([[[2, 1, 1], [2, 4, 1]], [[2, 1, 2], [2, 4, 2]]]);
    expect(linesIn(square(images, [1, 2]), fromTheRight(6, 3.5))).toEqual([]);
  });

  it('is cut in points where it is open', () => {
    const lines = linesIn(square(images, [1], 'OPEN_PLANAR'), fromTheRight(2, 3.5));
    expect(lines.map(({ points }) => points)).toEqual([[[2, 1, 1]], [[2, 4, 1]]]);
  });

  it('that cannot be read says so', () => {
    const nothing = { sop_instance_uid: '3.2', rois: [], is_unreadable: true } as unknown as StructureSet;
    expect(structureOverlay(nothing).refusal).toBe('unreadable');
  });
});

describe('a contour of an image of several frames', () => {
  const frames = scan([0, 1, 2]).map((image, at) => ({ ...image, sopInstanceUid: '1.0', frame: at + 1, isOneOfMany: true }));

  /** On which frames it lies: an outline at a height that names the image, and these of its frames. */
  function seenOn(named: number[], z: number, images: readonly Image[] = frames) {
    const contour = { kind: 'CLOSED_PLANAR', sop_instance_uid: '1.0', frames: named, points: [1, 1, z, 5, 1, z, 5, 4, z] };
    const said = { sop_instance_uid: '3.4', frame_of_reference_uid: '1.9', rois: [{ number: 1, name: 'one', colour: RED, contours: [contour] }] };
    const overlay = structureOverlay(said as unknown as StructureSet);
    return images.filter((image) => overlay.contoursOf(image).length).map(({ frame }) => frame);
  }

  it('lies on the frame that it names', () => {
    expect(seenOn([2], 1)).toEqual([2]);
  });

  it('lies on that in whose plane it is where it names none', () => {
    expect(seenOn([], 2)).toEqual([3]);
  });

  it('is not drawn where nobody knows where the image lies', () => {
    expect(seenOn([], 0, frames.map((image) => ({ ...image, plane: null })))).toEqual([]);
    expect(seenOn([2], 0, frames.map((image) => ({ ...image, plane: null })))).toEqual([]);
  });
});

describe('a structure that goes in and out', () => {
  it('is cut into its parts', () => {
    const images = scan([0, 1, 2]);
    const comb = [0, 0, 1, 6, 0, 1, 6, 6, 1, 0, 6, 1, 0, 4, 1, 4, 4, 1, 4, 2, 1, 0, 2, 1];
    const said = { sop_instance_uid: '3.3', frame_of_reference_uid: '1.9', rois: [{ number: 1, name: 'comb', colour: RED, contours: [{ kind: 'CLOSED_PLANAR', sop_instance_uid: null, frames: [], points: comb }] }] };
    const solid = solidOf(structureOverlay(said as unknown as StructureSet), images, stackingOf(images) as Stacking);
    const lines = linesIn(solid, fromTheRight(2, 3.5));
    expect(lines.map(({ points }) => points.map(([, y]) => y))).toEqual([[0, 2], [4, 6]].map((pair) => expect.arrayContaining(pair)));
  });
});
