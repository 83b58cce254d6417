import { type Image, imageOf } from '@/lib/dicomweb/images';
import { type DataSet, TAG, text } from '@/lib/dicomweb/json';
import { type Series, seriesOf, type Study, studyOf } from '@/lib/dicomweb/studies';
import { getJson } from './http';
import { addressOf, type StudyAt } from './studyAddress';

interface FirstSaid {
  dataset: DataSet;
  frame: number;
  index: number;
  picture: string | null;
}

/** What the server says of a study so that its first picture costs one answer. */
export interface OpeningSaid {
  study: DataSet;
  series: DataSet[];
  first: FirstSaid | null;
}

export interface First {
  seriesUid: string;
  image: Image;
  /** A small JPEG, base64; null where there is none, or where the page has it already. */
  picture: string | null;
}

export interface Opening {
  study: Study;
  series: Series[];
  first: First | null;
}

function firstOf({ dataset, frame, picture }: FirstSaid): First {
  return { seriesUid: text(dataset, TAG.seriesInstanceUid), image: imageOf(dataset, frame), picture };
}

export function openingOf({ study, series, first }: OpeningSaid): Opening {
  return { study: studyOf(study), series: series.map(seriesOf), first: first && firstOf(first) };
}

/** Opens a study, at a certain image if `wish` names one. */
export async function fetchOpening(at: StudyAt, wish: Record<string, string>): Promise<Opening> {
  return openingOf(await getJson<OpeningSaid>(addressOf('/api/studies', at, '/opening', wish)));
}
