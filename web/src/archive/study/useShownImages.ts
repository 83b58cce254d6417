import { useQuery } from '@tanstack/react-query';
import type { Place } from '@/lib/api/keyImages';
import type { StudyAt } from '@/lib/api/studyAddress';
import { imagesQuery } from '@/lib/dicomweb/queries';
import type { Series } from '@/lib/dicomweb/studies';

/** The images of a series, and which of them is on the screen. */
export function useShownImages(at: StudyAt, series: Series | null, wanted: Place | null) {
  const query = { ...imagesQuery(at, series?.uid ?? ''), enabled: series !== null };
  const { data, error, refetch } = useQuery(query);
  const found = data?.findIndex((one) => one.sopInstanceUid === wanted?.sopInstanceUid && one.frame === wanted.frame) ?? -1;
  const index = Math.max(0, found);
  const image = data?.[index] ?? null;
  const place = image && series ? { seriesUid: series.uid, sopInstanceUid: image.sopInstanceUid, frame: image.frame } : null;
  const hasFrames = (data?.filter((one) => one.sopInstanceUid === image?.sopInstanceUid).length ?? 0) > 1;
  return { images: data ?? null, error, retry: () => void refetch(), index, place, hasFrames };
}

export type ShownImages = ReturnType<typeof useShownImages>;
