import type { StudyAt } from '@/lib/api/studyAddress';
import type { Image } from '@/lib/dicomweb/images';
import type { SeriesStream } from '@/lib/stream/SeriesStream';

/** An image that the full viewer may be asked for by its name. */
export interface Held {
  /** Null once nobody looks at the series any more: what was drawn on it is still of this image. */
  stream: SeriesStream | null;
  seriesUid: string;
  image: Image;
  modality: string;
  at: StudyAt;
}

/** What all images of a series share. */
export type About = Pick<Held, 'modality' | 'at'>;

const SCHEME = 'lightwell';
const held = new Map<string, Held>();

/** The name under which the full viewer knows an image. */
export function imageIdOf(seriesUid: string, { sopInstanceUid, frame }: Pick<Image, 'sopInstanceUid' | 'frame'>): string {
  return `${SCHEME}:${seriesUid}/${sopInstanceUid}/${frame}`;
}

/**
 * The frame of reference that an image lies in for the full viewer: one of its own where it does not say where it lies, or
 * lines of other images would be drawn on it at a place that nobody knows.
 */
export const frameOf = ({ plane, frameOfReferenceUid, sopInstanceUid }: Image) => (plane && frameOfReferenceUid) || `for/${sopInstanceUid}`;

/** Makes the images of a stream known; returns their names in their order. */
export function hold(stream: SeriesStream, { modality, at }: Pick<Held, 'modality' | 'at'>): string[] {
  return stream.images.map((image) => {
    const imageId = imageIdOf(stream.seriesUid, image);
    held.set(imageId, { stream, seriesUid: stream.seriesUid, image, modality, at });
    return imageId;
  });
}

export function heldAt(imageId: string): Held | null {
  return held.get(imageId) ?? null;
}

/** Lets a stream go that is closed; a newer stream of the same series keeps its images. */
export function release(stream: SeriesStream): void {
  for (const one of held.values()) if (one.stream === stream) one.stream = null;
}

/** Where in its series an image is by now: the series may have grown. */
export function placeOf(stream: SeriesStream, image: Image): number {
  return stream.images.findIndex((one) => one.sopInstanceUid === image.sopInstanceUid && one.frame === image.frame);
}
