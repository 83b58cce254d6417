import type { QueryClient } from '@tanstack/react-query';
import { keyImagesQuery, placeOf } from '@/lib/api/keyImages';
import type { StudyAt } from '@/lib/api/studyAddress';
import { copiesQuery, imagesQuery, seriesQuery } from '@/lib/dicomweb/queries';
import { warm } from '@/lib/stream/warming';
import { toLookAt } from './usePlace';

/** Fetches at once what a study's page asks for one after the other, up to the image that it begins with. */
export async function warmStudy(client: QueryClient, at: StudyAt, signal: AbortSignal): Promise<void> {
  void client.prefetchQuery(copiesQuery(at));
  const [series, keys] = await Promise.all([client.fetchQuery(seriesQuery(at)), client.fetchQuery(keyImagesQuery(at))]);
  const key = keys.images[0] && placeOf(keys.images[0]);
  const seriesUid = key?.seriesUid ?? toLookAt(series)[0]?.uid;
  if (!seriesUid || signal.aborted) return;
  const images = await client.fetchQuery(imagesQuery(at, seriesUid));
  const image = images.find((one) => one.sopInstanceUid === key?.sopInstanceUid && one.frame === key.frame) ?? images[0];
  if (image && !signal.aborted) await warm({ at, seriesUid }, image, signal);
}
