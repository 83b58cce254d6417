import type { Types as Core } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/tools';
import type { Measurement } from '@/lib/api/measurements';
import type { Image } from '@/lib/dicomweb/images';
import { gridOf, toSpace } from '@/lib/geometry/grid';
import { cross, lengthOf, minus, unit, type Vector } from '@/lib/geometry/vectors';
import { frameOf, imageIdOf } from './held';
import { drawnFrom, TOOLS } from './kinds';
import { type DrawnIn, type HeldVolume, volumeKey } from './volumes';

const FLAT = 1e-6;

type Metadata = Partial<NonNullable<Types.Annotation['metadata']>> & DrawnIn;

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
  if (normal) return drawnAs(measurement, points, { ...metadata, viewPlaneNormal: [...normal], viewUp: [...cross(normal, volume.along)] });
  const [point = [0, 0, 0], end] = points;
  const inPlaneVector1 = end && ([...unit(minus(end, point))] as Core.Point3);
  const planeRestriction = { FrameOfReferenceUID: metadata.FrameOfReferenceUID, point: [...point] as Core.Point3, ...(inPlaneVector1 && { inPlaneVector1 }) };
  return drawnAs(measurement, points, { ...metadata, planeRestriction });
}

/** Where the plane of some points looks; null where they lie in one line. */
export function normalOf([a, b, c]: readonly Vector[]): Vector | null {
  const across = a && b && c ? cross(minus(b, a), minus(c, a)) : null;
  return across && lengthOf(across) > FLAT ? unit(across) : null;
}
