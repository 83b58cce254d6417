import { queryOptions } from '@tanstack/react-query';
import { change, getJson } from './http';
import type { ImagePoint } from './measurements';
import { addressOf, type StudyAt } from './studyAddress';

export interface PresentedGraphic {
  /** A circle has its middle and a point of it, an ellipse the ends of its major axis, then of its minor axis. */
  kind: 'polyline' | 'point' | 'circle' | 'ellipse' | 'interpolated';
  points: ImagePoint[];
  is_filled: boolean;
}

export interface PresentedText {
  text: string;
  anchor: ImagePoint;
}

/** How one image, or one frame of it, is to be shown. */
export interface PresentedImage {
  series_instance_uid: string;
  sop_instance_uid: string;
  /** From 1. */
  frame: number;
  /**
   * In the units of the image itself, by its own function. Null on saving writes the window that the image names itself; null on reading says that the state names none. An
   * image in colour has none.
   */
  window: { center: number; width: number } | null;
  is_inverted: boolean;
  /** Clockwise: 0, 90, 180 or 270. */
  rotation_deg: number;
  /** Left and right are exchanged, after the rotation (PS3.3 C.10.6). */
  is_flipped: boolean;
  /**
   * The part that is shown, or null for all of it: its first and last pixel, inclusive. They are whole numbers, column
   * and row of the image before rotation and flip, whose first pixel is `[1, 1]`.
   */
  area: { top_left: ImagePoint; bottom_right: ImagePoint } | null;
  graphics: PresentedGraphic[];
  texts: PresentedText[];
}

export interface Presentation {
  sop_instance_uid: string;
  /** ISO 8601, or empty where the document does not say. */
  made_at: string;
  maker: string;
  is_mine: boolean;
  label: string;
  description: string;
  images: PresentedImage[];
  /** Why the images keep their own grey: the state goes by a table, or by another function or rescale than they do. */
  refusal: '' | 'table' | 'function' | 'rescale';
}

export interface Presentations {
  presentations: Presentation[];
  /** How many documents cannot be read. */
  unreadable: number;
}

export interface NewPresentation {
  /** 1 to 16 capital letters A to Z, figures, blanks and `_`: a CS of DICOM. Other words go into the description. */
  label: string;
  /** Free text of at most 64 characters, without a backslash. */
  description: string;
  images: PresentedImage[];
}

const pathOf = (at: StudyAt) => addressOf('/api/studies', at, '/presentations');

export function presentationsQuery(at: StudyAt) {
  return queryOptions({
    queryKey: ['study', at.uid, at.hospital, 'presentations'],
    queryFn: ({ signal }) => getJson<Presentations>(pathOf(at), signal),
  });
}

/**
 * Saves how images are shown. A state has rotation, flip, inversion and rescale once, and is of grey or of colour: images
 * that differ in these are filed as a state each, all of one time. What takes too many is refused as `mixed_presentation`.
 */
export async function savePresentation(at: StudyAt, presentation: NewPresentation): Promise<void> {
  await change('POST', pathOf(at), presentation);
}
