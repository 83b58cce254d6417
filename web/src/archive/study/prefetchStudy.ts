import type { QueryClient } from '@tanstack/react-query';
import { keyImagesQuery, placeOf } from '@/lib/api/keyImages';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Image } from '@/lib/dicomweb/images';
import { copiesQuery, imagesQuery, seriesQuery } from '@/lib/dicomweb/queries';
import type { SeriesAt } from '@/lib/stream/frames';
import { toLookAt } from './usePlace';

/** Asks at once for what a study's page asks for one after the other; returns the image that it begins with, if any. */
export async function prefetchStudy(client: QueryClient, at: StudyAt): Promise<{ series: SeriesAt; image: Image } | null> {
  void client.prefetchQuery(copiesQuery(at));
  const [series, keys] = await Promise.all([client.fetchQuery(seriesQuery(at)), client.fetchQuery(keyImagesQuery(at))]);
  const key = keys.images[0] && placeOf(keys.images[0]);
  const seriesUid = key?.seriesUid ?? toLookAt(series)[0]?.uid;
  if (!seriesUid) return null;
  const images = await client.fetchQuery(imagesQuery(at, seriesUid));
  const image = images.find((one) => one.sopInstanceUid === key?.sopInstanceUid && one.frame === key.frame) ?? images[0];
  return image ? { series: { at, seriesUid }, image } : null;
}
