import type { Image } from '@/lib/dicomweb/images';
import { stackingOf } from '@/lib/geometry/stacking';
import { cross } from '@/lib/geometry/vectors';
import type { Plane, SeriesFacts } from '@/lib/hanging';
import type { PaneSeries } from '../full/series';

/** A series as it is known before its images are, and its images once they are. */
export interface Hangable {
  series: PaneSeries;
  number: number | null;
  description: string;
  bodyPart: string;
  imageCount: number | null;
  images: readonly Image[];
}

/** What hangs in a pane: a series, at an image of it where images hang one by one. */
export interface Hung {
  facts: SeriesFacts;
  series: PaneSeries;
}

const ONE_BY_ONE: ReadonlySet<string> = new Set(['CR', 'DX', 'MG', 'IO', 'PX', 'RG', 'XC']);
const STRAIGHT = 0.8;
const NORMALS: readonly Plane[] = ['sagittal', 'coronal', 'axial'];

/** The plane that an image lies in, by its normal; oblique where that leans too far from all axes. */
export function planeNameOf({ plane }: Image): Plane | undefined {
  if (!plane) return undefined;
  const sizes = cross(plane.along, plane.down).map(Math.abs);
  const most = Math.max(...sizes);
  return most < STRAIGHT ? 'oblique' : NORMALS[sizes.indexOf(most)];
}

/** All that can hang of a study. */
export function hungOf(hangables: readonly Hangable[]): Hung[] {
  return hangables.flatMap((one) => (ONE_BY_ONE.has(one.series.modality) && one.images.length ? one.images.map((image) => imageHung(one, image)) : [seriesHung(one)]));
}

function common({ series, number, description, bodyPart }: Hangable, image: Image | undefined) {
  const plane = image && planeNameOf(image);
  return {
    number,
    modality: series.modality,
    description,
    bodyPart,
    laterality: image?.laterality ?? '',
    viewPosition: image?.viewPosition ?? '',
    sliceThicknessMm: image?.thicknessMm ?? null,
    acquiredAt: image?.acquiredAt ?? '',
    ...(plane && { plane }),
  };
}

/** How far it is from slice to slice says more than how thick each is: slices may overlap, or leave gaps. */
function stepOf(images: readonly Image[]): { sliceThicknessMm?: number } {
  const stacking = stackingOf(images);
  return typeof stacking === 'string' ? {} : { sliceThicknessMm: stacking.stepMm };
}

function seriesHung(one: Hangable): Hung {
  const facts = {
    ...common(one, one.images[Math.floor(one.images.length / 2)]),
    ...stepOf(one.images),
    acquiredAt: one.images.reduce((latest, { acquiredAt }) => (acquiredAt > latest ? acquiredAt : latest), ''),
    uid: one.series.seriesUid,
    imageCount: one.imageCount,
  };
  return { facts, series: one.series };
}

function imageHung(one: Hangable, image: Image): Hung {
  const place = { seriesUid: one.series.seriesUid, sopInstanceUid: image.sopInstanceUid, frame: image.frame };
  const facts = { ...common(one, image), uid: `${one.series.seriesUid}/${image.sopInstanceUid}/${image.frame}`, imageCount: 1 };
  return { facts, series: { ...one.series, place } };
}

/** What makes one series like another. */
export interface Likeness {
  modality: string;
  description: string;
  bodyPart: string;
  imageCount: number | null;
}

/** The series of a prior that is most like the one that is read: of the same modality and part, said alike, as many images. */
export function mostAlike<One extends Omit<Likeness, 'modality'> & { series: Pick<PaneSeries, 'modality'> }>(to: Likeness | null, others: readonly One[]): One | null {
  const likeness = ({ series, description, bodyPart, imageCount }: One) =>
    8 * Number(series.modality === to?.modality) +
    4 * Number(description !== '' && description === to?.description) +
    2 * Number(bodyPart !== '' && bodyPart === to?.bodyPart) +
    Math.min(imageCount ?? 0, to?.imageCount ?? 0) / Math.max(imageCount ?? 1, to?.imageCount ?? 1, 1);
  return [...others].sort((a, b) => likeness(b) - likeness(a))[0] ?? null;
}
