import { type Image, imageOf } from '@/lib/dicomweb/images';
import { type DataSet, TAG, text } from '@/lib/dicomweb/json';
import { type Series, seriesOf, type Study, studyOf } from '@/lib/dicomweb/studies';
import { getJson } from './http';
import { addressOf, type StudyAt } from './studyAddress';

interface FirstSaid {
  dataset: DataSet;
  frame: number;
  index: number;
  length: number | null;
  previews_length: number | null;
  picture: string | null;
}

/** What the server says of a study so that its first picture costs one answer. */
export interface OpeningSaid {
  study: DataSet;
  series: DataSet[];
  first: FirstSaid | null;
}

/** How many bytes there are to be fetched, where that is known: so that all pieces can be asked for at once. */
export interface Expected {
  frame: number | null;
  previews: number | null;
}

export interface First {
  seriesUid: string;
  image: Image;
  expected: Expected;
  /** A small JPEG, base64; null where there is none, or where the page has it already. */
  picture: string | null;
}

export interface Opening {
  study: Study;
  series: Series[];
  first: First | null;
}

function firstOf({ dataset, frame, length, previews_length: previews, picture }: FirstSaid): First {
  const expected = { frame: length, previews };
  return { seriesUid: text(dataset, TAG.seriesInstanceUid), image: imageOf(dataset, frame), expected, picture };
}

export function openingOf({ study, series, first }: OpeningSaid): Opening {
  return { study: studyOf(study), series: series.map(seriesOf), first: first && firstOf(first) };
}

/** Opens a study, at a certain image if `wish` names one. */
export async function fetchOpening(at: StudyAt, wish: Record<string, string>): Promise<Opening> {
  return openingOf(await getJson<OpeningSaid>(addressOf('/api/studies', at, '/opening', wish)));
}
