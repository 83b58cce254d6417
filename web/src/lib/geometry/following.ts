import type { Image } from '@/lib/dicomweb/images';
import { depthMm } from '@/lib/dicomweb/planes';
import { cross, dot, minus } from './vectors';

const PARALLEL = 0.9;

/**
 * The image of another series that lies nearest to one that is looked at; null where they are not parallel, or where
 * nobody said how they lie. `offsetMm` is how far along the normal the other patient table stood off.
 */
export function nearest(images: readonly Image[], to: Image, offsetMm = 0): number | null {
  if (!to.plane) return null;
  const normal = cross(to.plane.along, to.plane.down);
  let found: number | null = null;
  let least = Infinity;
  for (const [index, { plane }] of images.entries()) {
    if (!plane || Math.abs(dot(normal, cross(plane.along, plane.down))) < PARALLEL) continue;
    const away = Math.abs(dot(minus(plane.position, to.plane.position), normal) - offsetMm);
    if (away < least) [least, found] = [away, index];
  }
  return found;
}

/** How far two images lie from each other along the normal of the first. */
export function apartMm(from: Image, to: Image): number {
  return from.plane && to.plane ? depthMm({ ...from.plane, position: to.plane.position }) - depthMm(from.plane) : 0;
}
