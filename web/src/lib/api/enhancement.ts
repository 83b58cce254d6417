import type { Place } from './keyImages';
import { change } from './http';
import { addressOf, type StudyAt } from './studyAddress';

export type EnhancementMethod = 'multiscale' | 'clahe' | 'edge' | 'denoise';
/** The part of the body, which says of which size its detail is; for `multiscale` only. */
export type EnhancementPreset = 'chest' | 'bone' | 'breast' | 'abdomen' | 'even';

export interface Enhancement {
  method: EnhancementMethod;
  /** 0 is the image as it is, 1 the most. */
  strength: number;
  preset: EnhancementPreset;
}

export type EnhancementScope = 'image' | 'series';

export interface DerivedSeries {
  series_instance_uid: string;
  image_count: number;
  /** Unless it is, its images come one by one, and `SeriesDerived` tells how far it is. */
  is_finished: boolean;
}

/** What the live line tells while a series is derived. */
export interface SeriesDerived {
  study_instance_uid: string;
  series_instance_uid: string;
  done_count: number;
  failed_count: number;
  image_count: number;
}

const restOf = ({ seriesUid, sopInstanceUid, frame }: Place) => `/series/${seriesUid}/instances/${sopInstanceUid}/frames/${frame}/enhanced`;

/** Where the values of an enhanced frame are, in the form in which the frame itself comes. */
export function enhancedPath(at: StudyAt, place: Place, { method, strength, preset }: Enhancement): string {
  return addressOf('/api/studies', at, restOf(place), { method, strength: String(strength), preset });
}

/** Saves an image, with all of its frames, or its whole series enhanced, as a derived series; saving again changes nothing. */
export async function saveEnhanced(at: StudyAt, place: Place, enhancement: Enhancement, scope: EnhancementScope): Promise<DerivedSeries> {
  const response = await change('POST', addressOf('/api/studies', at, restOf(place)), { ...enhancement, scope });
  return (await response.json()) as DerivedSeries;
}
