import type { Types as Core } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/tools';
import type { Measurement } from '@/lib/api/measurements';
import type { Image } from '@/lib/dicomweb/images';
import { gridOf, toSpace } from '@/lib/geometry/grid';
import { cross, lengthOf, minus, unit, type Vector } from '@/lib/geometry/vectors';
import { frameOf, imageIdOf } from './held';
import { drawnFrom, kindOf, pointsOf, TOOLS } from './kinds';
import { type DrawnIn, type HeldVolume, volumeKey } from './volumes';

/** What lies this near to a line, in parts of its length, lies in it. */
const FLAT = 1e-4;

type Metadata = Partial<NonNullable<Types.Annotation['metadata']>> & DrawnIn;
type Restriction = NonNullable<Metadata['planeRestriction']>;

function drawnAs(measurement: Measurement, points: Vector[], metadata: Metadata): Types.Annotation {
  return {
    annotationUID: measurement.uid,
    highlighted: false,
    invalidated: false,
    isLocked: false,
    isVisible: true,
    data: drawnFrom(measurement.kind, points, measurement.name),
    metadata: { toolName: TOOLS[measurement.kind].toolName, ...metadata },
  } as Types.Annotation;
}

/** What was measured on an image, as Cornerstone draws it; that of others is locked. */
export function onImage(seriesUid: string, image: Image, measurement: Measurement, places: [number, number][]): Types.Annotation {
  const grid = gridOf(image);
  return drawnAs(measurement, places.map((place) => toSpace(grid, place)), {
    referencedImageId: imageIdOf(seriesUid, image),
    FrameOfReferenceUID: frameOf(image),
    viewPlaneNormal: [...cross(grid.along, grid.down)],
    viewUp: [-grid.down[0], -grid.down[1], -grid.down[2]],
  });
}

/** Of what lies in a volume the plane is that of its points; a line or a point lies in many, and every one of them shows it. */
export function inSpace(volume: HeldVolume, measurement: Measurement, points: Vector[]): Types.Annotation {
  const metadata = { FrameOfReferenceUID: volumeKey(volume), seriesInstanceUid: volume.where.series_instance_uid };
  const normal = normalOf(points);
  if (!normal) return drawnAs(measurement, points, { ...metadata, planeRestriction: restrictionTo(metadata.FrameOfReferenceUID, points) });
  return drawnAs(measurement, points, { ...metadata, viewPlaneNormal: [...normal], viewUp: [...cross(normal, volume.along)] });
}

/** The planes that show a line, or a point: those that hold it. */
export function restrictionTo(frameOfReferenceUid: string, [point = [0, 0, 0], end]: readonly Vector[]): Restriction {
  const line = end && ([...unit(minus(end, point))] as Core.Point3);
  return { FrameOfReferenceUID: frameOfReferenceUid, point: [...point] as Core.Point3, ...(line && { inPlaneVector1: line }) };
}

/** Has a line or a point that was moved be shown by the planes that hold it now. */
export function keepInPlanes(drawn: Types.Annotation): void {
  const { planeRestriction } = drawn.metadata ?? {};
  const kind = kindOf(drawn);
  if (planeRestriction && kind) Object.assign(planeRestriction, restrictionTo(planeRestriction.FrameOfReferenceUID, pointsOf(kind, drawn.data)));
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
