import { useQuery } from '@tanstack/react-query';
import type { Place } from '@/lib/api/keyImages';
import type { Image } from '@/lib/dicomweb/images';
import { imagesQuery } from '@/lib/dicomweb/queries';
import type { PaneSeries } from './series';

const NONE: Image[] = [];

export const indexOf = (images: readonly Image[], place: Place | null) =>
  Math.max(0, images.findIndex((one) => one.sopInstanceUid === place?.sopInstanceUid && one.frame === place.frame));

/** The images of the series of a pane, none until they are known, and where among them it begins. */
export function useSeriesImages({ at, seriesUid, place }: PaneSeries) {
  const { data: images = NONE, error, refetch } = useQuery(imagesQuery(at, seriesUid));
  return { images, index: indexOf(images, place), error, retry: () => void refetch() };
}
