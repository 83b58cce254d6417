import { describe, expect, it } from 'vitest';
import { dot, type Vector } from '@/lib/geometry/vectors';
import { normalOf, restrictionTo } from '@/viewer/full/planesOf';
import { faceView } from '@/viewer/full/turnView';

describe('where the plane of some points looks', () => {
  const upright = (points: readonly Vector[]) => Math.abs(dot(normalOf(points) ?? [0, 0, 0], [0, 0, 1]));

  it('is what they have in common, said either way', () => expect(upright([[0, 0, 5], [9, 0, 5], [9, 9, 5]])).toBe(1));
  it('is known of an outline that begins with a straight part', () => expect(upright([[0, 0, 5], [1, 0, 5], [2, 0, 5], [2, 7, 5]])).toBe(1));
  it('is not made up of the last digits of a line', () => {
    expect(normalOf([[0, 0, 5], [50, 0.00001, 5], [100, 0, 5.00001]])).toBeNull();
    expect(normalOf([[0, 0, 5], [9, 0, 5]])).toBeNull();
    expect(normalOf([[1, 2, 3]])).toBeNull();
  });
});

it('a line is shown by the planes that hold it, a point by those through it', () => {
  expect(restrictionTo('f', [[1, 1, 1], [1, 1, 9]])).toEqual({ FrameOfReferenceUID: 'f', point: [1, 1, 1], inPlaneVector1: [0, 0, 1] });
  expect(restrictionTo('f', [[1, 1, 1]])).toEqual({ FrameOfReferenceUID: 'f', point: [1, 1, 1] });
});

describe('a plane that is tilted to look along something', () => {
  const faced = (normal: Vector) => {
    const camera = { focalPoint: [10, 20, 30], position: [10, 20, 130], viewUp: [0, -1, 0], viewPlaneNormal: [0, 0, 1] };
    const viewport = { getCamera: () => camera, setCamera: (next: object) => Object.assign(camera, next) };
    faceView(viewport as unknown as Parameters<typeof faceView>[0], normal);
    return camera as unknown as Record<keyof typeof camera, Vector>;
  };
  const half = Math.SQRT1_2;

  it('turns no further than it must, whichever way the normal is said', () => {
    for (const normal of [[0, half, half], [0, -half, -half]] as const) {
      const { viewPlaneNormal, viewUp, position, focalPoint } = faced(normal);
      expect(dot(viewPlaneNormal, [0, half, half])).toBeCloseTo(1);
      expect(dot(viewUp, [0, -half, half])).toBeCloseTo(1);
      expect(focalPoint).toEqual([10, 20, 30]);
      expect(position[1]).toBeCloseTo(20 + 100 * half);
      expect(position[2]).toBeCloseTo(30 + 100 * half);
    }
  });
});
