import type { Types } from '@cornerstonejs/tools';
import type { Measurement } from '@/lib/api/measurements';
import type { Image } from '@/lib/dicomweb/images';
import { gridOf, toSpace } from '@/lib/geometry/grid';
import { cross, type Vector } from '@/lib/geometry/vectors';
import { frameOf, imageIdOf } from './held';
import { drawnFrom, kindOf, pointsOf, TOOLS } from './kinds';
import { normalOf, restrictionTo } from './planesOf';
import { type DrawnIn, type HeldVolume, volumeKey } from './volumes';

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
  if (!normal) return drawnAs(measurement, points, { ...metadata, planeRestriction: restrictionTo(metadata.FrameOfReferenceUID, points) });
  return drawnAs(measurement, points, { ...metadata, viewPlaneNormal: [...normal], viewUp: [...cross(normal, volume.along)] });
}

/** Has a line or a point that was moved be shown by the planes that hold it now. */
export function keepInPlanes(drawn: Types.Annotation): void {
  const { planeRestriction } = drawn.metadata ?? {};
  const kind = kindOf(drawn);
  if (planeRestriction && kind) Object.assign(planeRestriction, restrictionTo(planeRestriction.FrameOfReferenceUID, pointsOf(kind, drawn.data)));
}
