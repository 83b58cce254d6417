import type { Image } from '@/lib/dicomweb/images';
import { fetchFrame, pictureKey, type SeriesAt } from './frames';
import { machines } from './machines';

/** Has one image in memory before somebody looks at it. */
export async function warm(series: SeriesAt, image: Image, signal: AbortSignal): Promise<void> {
  const shared = machines();
  const key = pictureKey(series, image);
  if (shared.cache.has(key)) return;
  const stop = new AbortController();
  signal.addEventListener('abort', () => stop.abort(), { once: true });
  shared.cache.put(key, await fetchFrame(series, image, shared, stop));
}
