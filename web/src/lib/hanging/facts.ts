import type { Plane } from './types';

/**
 * What is known of something that can hang in a pane: a series, or one image of it where images hang one by one
 * (CR, DX, MG). What nobody said is left out.
 */
export interface SeriesFacts {
  /** Tells it apart from the others of its study. */
  uid: string;
  number?: number | null;
  modality: string;
  description?: string;
  bodyPart?: string;
  /** R, L, B or U. */
  laterality?: string;
  plane?: Plane;
  viewPosition?: string;
  imageCount?: number | null;
  sliceThicknessMm?: number | null;
  /** When it was made: YYYYMMDD, or YYYYMMDDHHMMSS. */
  acquiredAt?: string;
}

export interface StudyFacts {
  uid: string;
  description?: string;
  /** YYYYMMDD; the newest prior comes first by it. */
  date?: string;
  series: SeriesFacts[];
}
