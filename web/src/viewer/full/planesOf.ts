import type { Types as Core } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/tools';
import { cross, lengthOf, minus, unit, type Vector } from '@/lib/geometry/vectors';

type Restriction = NonNullable<NonNullable<Types.Annotation['metadata']>['planeRestriction']>;

/** What lies this near to a line, in parts of its length, lies in it. */
const FLAT = 1e-4;

/** The planes that show a line, or a point: those that hold it. */
export function restrictionTo(frameOfReferenceUid: string, [point = [0, 0, 0], end]: readonly Vector[]): Restriction {
  const line = end && ([...unit(minus(end, point))] as Core.Point3);
  return { FrameOfReferenceUID: frameOfReferenceUid, point: [...point] as Core.Point3, ...(line && { inPlaneVector1: line }) };
}

/** Where the plane of some points looks; null where they lie in one line, but for the digits that a document keeps. */
export function normalOf(points: readonly Vector[]): Vector | null {
  const [first] = points;
  if (!first) return null;
  const ways = points.map((point) => minus(point, first));
  const longest = ways.reduce((one, other) => (lengthOf(other) > lengthOf(one) ? other : one));
  const across = ways.map((way) => cross(longest, way)).reduce((one, other) => (lengthOf(other) > lengthOf(one) ? other : one));
  return lengthOf(across) > FLAT * lengthOf(longest) ** 2 ? unit(across) : null;
}
