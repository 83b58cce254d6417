import type { Image } from '@/lib/dicomweb/images';
import { fetchFrame, pictureKey, type SeriesAt } from './frames';
import { machines } from './machines';

/** Has one image in memory before somebody looks at it; everything that is looked at goes before it. */
export function warm(series: SeriesAt, image: Image): Promise<void> {
  const shared = machines();
  const way = { stop: new AbortController(), rank: () => Number.POSITIVE_INFINITY };
  return shared.cache.bring(pictureKey(series, image), () => fetchFrame(series, image, shared, way));
}
