import type { Plane } from '@/lib/dicomweb/planes';
import { depthMm } from '@/lib/dicomweb/planes';
import { cross, dot, minus } from './vectors';

/** Where something that is looked at lies in the patient. */
export interface Standing {
  /** Null where nobody said it. */
  readonly plane: Plane | null;
  /** Empty where none is named; planes that share one lie in the same space. */
  readonly frameOfReferenceUid: string;
}

const PARALLEL = 0.9;
const SAME_MM = 1e-3;

const normalOf = ({ along, down }: Plane) => cross(along, down);

/**
 * The image of another series that lies nearest to what is looked at; null where they are not parallel, or where
 * nobody said how they lie. `offsetMm` is how far along the normal the other patient table stood off.
 */
export function nearest(images: readonly Pick<Standing, 'plane'>[], to: Pick<Standing, 'plane'>, offsetMm = 0): number | null {
  let found: number | null = null;
  let least = Infinity;
  for (const [index, { plane }] of images.entries()) {
    const awayMm = Math.abs((plane && to.plane && wayMm(plane, to.plane, offsetMm)) ?? Infinity);
    if (awayMm < least) [least, found] = [awayMm, index];
  }
  return found;
}

/** How far a plane has to go along its own normal to lie where another one does; null where they are not parallel. */
export function wayMm(from: Plane, to: Plane, offsetMm = 0): number | null {
  const normal = normalOf(to);
  const leaning = dot(normal, normalOf(from));
  if (Math.abs(leaning) < PARALLEL) return null;
  return (offsetMm - dot(minus(from.position, to.position), normal)) / leaning;
}

/** How far two planes lie from each other along the normal of the first. */
export function apartMm(from: Pick<Standing, 'plane'>, to: Pick<Standing, 'plane'>): number {
  return from.plane && to.plane ? depthMm({ ...from.plane, position: to.plane.position }) - depthMm(from.plane) : 0;
}

/** Whether nobody went on from one to the other: what is only moved aside stays where it is. */
export function isSamePlace(one: Standing, other: Standing): boolean {
  if (one === other || !one.plane || !other.plane) return one === other;
  const leaning = dot(normalOf(one.plane), normalOf(other.plane));
  return leaning > 1 - SAME_MM && Math.abs(apartMm(one, other)) < SAME_MM;
}
