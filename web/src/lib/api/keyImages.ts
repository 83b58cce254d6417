import { queryOptions } from '@tanstack/react-query';
import { change, getJson } from './http';
import { addressOf, type StudyAt } from './studyAddress';

/** What a document says of the images that it points at. */
export interface Why {
  code: string;
  scheme: string;
  meaning: string;
  text: string;
  observer: string;
  is_mine: boolean;
}

/** An image, or one frame of it; without a frame, all of it. */
export interface KeyImage {
  series_instance_uid: string;
  sop_instance_uid: string;
  frame: number | null;
  why: Why[];
}

export interface KeyImages {
  images: KeyImage[];
  rejected: KeyImage[];
  /** How many images that are pointed at are not there, and how many documents cannot be read. */
  absent: number;
  unreadable: number;
}

export interface Place {
  seriesUid: string;
  sopInstanceUid: string;
  frame: number;
}

const pathOf = (at: StudyAt) => addressOf('/api/studies', at, '/key-images');

export function keyImagesQuery(at: StudyAt) {
  return queryOptions({
    queryKey: ['study', at.uid, at.hospital, 'keyImages'],
    queryFn: ({ signal }) => getJson<KeyImages>(pathOf(at), signal),
  });
}

/** Chooses an image as key, or takes the choice back; of an image with several frames, the frame. */
export async function chooseKeyImage(at: StudyAt, place: Place, hasFrames: boolean, isKey: boolean): Promise<void> {
  await change('POST', pathOf(at), {
    series_instance_uid: place.seriesUid,
    sop_instance_uid: place.sopInstanceUid,
    is_key: isKey,
    ...(hasFrames && { frame: place.frame }),
  });
}

const isOf = (place: Place) => (image: KeyImage) =>
  image.sop_instance_uid === place.sopInstanceUid && (image.frame === null || image.frame === place.frame);

/** All that is said of what is on the screen. */
export function saidOf(listed: KeyImage[], place: Place): Why[] {
  return listed.filter(isOf(place)).flatMap((image) => image.why);
}

/** Where a key image is; one that has all its frames begins with the first. */
export function placeOf(image: KeyImage): Place {
  return { seriesUid: image.series_instance_uid, sopInstanceUid: image.sop_instance_uid, frame: image.frame ?? 1 };
}

/** The key image after the one on the screen, or the first of them. */
export function nextKeyImage(images: KeyImage[], place: Place | null): Place | null {
  const at = place ? images.findIndex(isOf(place)) : -1;
  const next = images[(at + 1) % images.length];
  return next ? placeOf(next) : null;
}
