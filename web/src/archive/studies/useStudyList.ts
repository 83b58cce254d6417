import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type StudyFilter, studiesQuery } from '@/lib/dicomweb/queries';
import { type Study, studyKey } from '@/lib/dicomweb/studies';

type Pages = InfiniteData<Study[], unknown>;

/** Offsets move while studies arrive, so the same copy of a study may come twice: the first place counts. */
function distinct(pages: Study[][]): Study[] {
  return [...new Map(pages.flat().map((study) => [studyKey(study), study] as const).reverse()).values()].reverse();
}

export function useStudyList(filter: StudyFilter) {
  const client = useQueryClient();
  const options = studiesQuery(filter);
  const query = useInfiniteQuery(options);
  const studies = useMemo(() => distinct(query.data?.pages ?? []), [query.data]);

  /** Brings known rows up to date where they stand. */
  function update(fresh: Study[]): void {
    const byKey = new Map(fresh.map((study) => [studyKey(study), study]));
    client.setQueryData(options.queryKey, (data: Pages | undefined) => {
      if (!data) return data;
      return { ...data, pages: data.pages.map((page) => page.map((study) => byKey.get(studyKey(study)) ?? study)) };
    });
  }

  /** Reads the list again from its first page. */
  async function restart(): Promise<void> {
    client.setQueryData(options.queryKey, (data: Pages | undefined) => {
      return data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) };
    });
    await query.refetch();
  }

  return { query, studies, update, restart };
}
