import { queryOptions } from '@tanstack/react-query';
import { getJson } from '@/lib/api/http';
import { addressOf, type StudyAt } from '@/lib/api/studyAddress';

/** An element of a header, as people read it; `depth` counts the sequences that it lies in. */
export interface Attribute {
  tag: string;
  name: string;
  vr: string;
  value: string;
  depth: number;
}

export function attributesQuery(at: StudyAt, seriesUid: string, instanceUid: string) {
  const path = addressOf('/api/studies', at, `/series/${seriesUid}/instances/${instanceUid}/attributes`);
  return queryOptions({
    queryKey: ['attributes', path],
    queryFn: ({ signal }) => getJson<Attribute[]>(path, signal),
    staleTime: Infinity,
  });
}
