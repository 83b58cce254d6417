import type { Image, Window } from '@/lib/dicomweb/images';
import type { Plane } from '@/lib/dicomweb/planes';
import { type Standing, wayMm } from '@/lib/geometry/following';
import { gridOf, toSpace } from '@/lib/geometry/grid';
import { cross, type Vector } from '@/lib/geometry/vectors';
import type { Followed } from '../full/links';
import type { PlaneName } from '../planes/slab';
import type { Pointed } from './PlaneStill';

/** How the server cuts: along which axis of the patient it goes, and how its pictures lie. */
const CUTS: Record<PlaneName, { axis: 0 | 1 | 2; along: Vector; down: Vector }> = {
  axial: { axis: 2, along: [1, 0, 0], down: [0, 1, 0] },
  coronal: { axis: 1, along: [1, 0, 0], down: [0, 0, -1] },
  sagittal: { axis: 0, along: [0, 1, 0], down: [0, 0, -1] },
};

/** Where a picture of the server lies in the patient, through the middle of its series; null while nobody knows. */
export function standingOf(name: PlaneName, positionMm: number, images: readonly Image[]): Standing | null {
  const middle = images[Math.floor(images.length / 2)];
  if (!middle?.plane) return null;
  const { axis, along, down } = CUTS[name];
  const { columns, rows } = middle.format;
  const centre = toSpace(gridOf(middle), [columns / 2, rows / 2]);
  const position = centre.map((mm, at) => (at === axis ? positionMm : mm)) as unknown as Vector;
  return { plane: { position, along, down }, frameOfReferenceUid: middle.frameOfReferenceUid };
}

/** Where a picture has to be cut to lie nearest to another plane; null where they are not parallel. */
export function followingMm(name: PlaneName, from: Plane, to: Standing, offsetMm: number): number | null {
  const byMm = to.plane && wayMm(from, to.plane, offsetMm);
  const { axis } = CUTS[name];
  return byMm === null ? null : from.position[axis] + byMm * cross(from.along, from.down)[axis];
}

/** What is looked at by now: the picture, the images of its series, and the window that somebody chose. */
export interface Looked {
  pointed: Pointed | null;
  images: readonly Image[];
  chosen: Window | null;
}

/** A picture of the server as one that leads others and follows them; its windows are set as those of any picture. */
export function followed(name: PlaneName, modality: string, look: () => Looked, subscribe: Followed['subscribe']): Omit<Followed, 'setWindow'> {
  const standing = () => {
    const { pointed, images } = look();
    const shown = pointed?.shown();
    return shown ? standingOf(name, shown.positionMm, images) : null;
  };
  return {
    modality,
    get isDrawn() {
      return Boolean(look().pointed?.shown());
    },
    standing,
    follow: (to, offsetMm) => {
      const from = standing()?.plane;
      const positionMm = from ? followingMm(name, from, to, offsetMm) : null;
      if (positionMm !== null) look().pointed?.goTo(positionMm);
    },
    chosenWindow: () => look().chosen,
    framing: () => look().pointed?.shown()?.framing ?? { zoom: 1, across: 0, down: 0 },
    setFraming: (framing) => look().pointed?.setFraming(framing),
    subscribe,
  };
}
