import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type KeyImages, nextKeyImage, type Place, placeOf } from '@/lib/api/keyImages';
import type { StudyAt } from '@/lib/api/studyAddress';
import { seriesQuery } from '@/lib/dicomweb/queries';
import type { Series } from '@/lib/dicomweb/studies';

const NONE: Series[] = [];
const ABOUT_IMAGES: ReadonlySet<string> = new Set(['KO', 'PR', 'SEG', 'RTSTRUCT']);

/** What points at images, says how they are shown or lies over them is no series to look at, unless there is nothing else. */
export function toLookAt(series: Series[]): Series[] {
  const pictures = series.filter((one) => !ABOUT_IMAGES.has(one.modality));
  return pictures.length ? pictures : series;
}

const beginningOf = (seriesUid: string): Place => ({ seriesUid, sopInstanceUid: '', frame: 1 });

/** Where in the study somebody is: at the series that was asked for to begin with, at its first key image, else at the first of its images. */
export function usePlace(at: StudyAt, seriesUid: string, found: KeyImages, isUnknown: boolean) {
  const { data = NONE, isPending, error, refetch } = useQuery(seriesQuery(at));
  const [wanted, setWanted] = useState<Place | null | undefined>(undefined);
  const isReady = !isPending && !isUnknown;
  const first = found.images[0];
  if (isReady && wanted === undefined) setWanted(seriesUid ? beginningOf(seriesUid) : first ? placeOf(first) : null);
  const series = useMemo(() => toLookAt(data), [data]);
  const current = series.find((one) => one.uid === wanted?.seriesUid) ?? series[0] ?? null;
  const goToSeries = (uid: string) => setWanted(beginningOf(uid));
  const goToNextKey = (place: Place | null) => {
    const next = nextKeyImage(found.images, place);
    if (next) setWanted(next);
  };
  const retry = () => void refetch();
  return { series, current, wanted: wanted ?? null, isPending: !isReady, error, retry, goTo: setWanted, goToSeries, goToNextKey };
}
