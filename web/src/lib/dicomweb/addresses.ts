import type { Place } from '@/lib/api/keyImages';
import { addressOf, type StudyAt } from '@/lib/api/studyAddress';

export const ROOT = '/dicom-web/studies';

const restOf = ({ seriesUid, sopInstanceUid, frame }: Place) =>
  `/series/${seriesUid}/instances/${sopInstanceUid}/frames/${frame}`;

/** Where all that is said of the images of a series is. */
export function metadataPath(at: StudyAt, seriesUid: string): string {
  return addressOf(ROOT, at, `/series/${seriesUid}/metadata`);
}

/** Where the pixels of a frame are. */
export function framePath(at: StudyAt, place: Place): string {
  return addressOf(ROOT, at, restOf(place));
}

/** Where the small picture of a frame is. */
export function frameThumbnailPath(at: StudyAt, place: Place): string {
  return addressOf(ROOT, at, `${restOf(place)}/thumbnail`);
}

/** Where the small picture of a series is. */
export function thumbnailPath(at: StudyAt, seriesUid: string): string {
  return addressOf(ROOT, at, `/series/${seriesUid}/thumbnail`);
}

/** Where the server's own drawing of a frame is, for what the page cannot draw itself. */
export function renderedPath(at: StudyAt, place: Place): string {
  return addressOf(ROOT, at, `${restOf(place)}/rendered`, { accept: 'image/png' });
}

/** Where all images of a study are in one file. */
export function zipPath(at: StudyAt): string {
  return addressOf(ROOT, at, '', { accept: 'application/zip' });
}
