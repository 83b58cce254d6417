import { VolumeViewport } from '@cornerstonejs/core';
import { dot, type Vector } from '@/lib/geometry/vectors';
import { renderingEngine } from './engine';
import { THINNEST_MM } from './PlaneGlass';
import type { HeldVolume } from './volumes';

/** Planes nearer to each other than this show each other's drawings. */
const PARALLEL = 0.99;

/** Whether some pane shows a plane of a volume as a slab: a drawing in that plane lies over other values than its own. */
export function isSeenAsSlab({ volumeId }: HeldVolume, normal: Vector): boolean {
  return renderingEngine()
    .getViewports()
    .some((one) => one instanceof VolumeViewport && one.getVolumeId() === volumeId && isThick(one) && isAlong(one, normal));
}

const isThick = (viewport: VolumeViewport) => viewport.getSlabThickness() > THINNEST_MM;

const isAlong = (viewport: VolumeViewport, normal: Vector) =>
  Math.abs(dot(viewport.getCamera().viewPlaneNormal as unknown as Vector, normal)) > PARALLEL;
