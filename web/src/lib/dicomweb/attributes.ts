import { queryOptions } from '@tanstack/react-query';
import { getJson } from '@/lib/api/http';

/** An element of a header, as people read it; `depth` counts the sequences that it lies in. */
export interface Attribute {
  tag: string;
  name: string;
  vr: string;
  value: string;
  depth: number;
}

export function attributesQuery(studyUid: string, seriesUid: string, instanceUid: string) {
  const path = `/api/studies/${studyUid}/series/${seriesUid}/instances/${instanceUid}/attributes`;
  return queryOptions({
    queryKey: ['attributes', path],
    queryFn: ({ signal }) => getJson<Attribute[]>(path, signal),
    staleTime: Infinity,
  });
}
