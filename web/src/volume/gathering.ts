import { valuesIn } from '@/lib/pixels/values';
import type { Best, SeriesStream } from '@/lib/stream/SeriesStream';
import type { SliceOf } from './assemble';

/** Waits until every image of a series is there, as good as asked for; `onCount` hears how many are. */
function gathered(stream: SeriesStream, isGood: (best: Best) => boolean, signal: AbortSignal, onCount: (count: number) => void): Promise<SliceOf> {
  const slices = new Map<number, ArrayLike<number>>();
  return new Promise((resolve, reject) => {
    const take = () => {
      for (const [index, image] of stream.images.entries()) {
        const best = slices.has(index) ? null : stream.best(index);
        if (best && isGood(best)) slices.set(index, valuesIn(best.picture, image.format));
        const error = slices.has(index) ? null : stream.errorOf(index);
        if (error) return finish(() => reject(error));
      }
      onCount(slices.size);
      if (slices.size === stream.images.length) finish(() => resolve((index) => slices.get(index) ?? []));
      return undefined;
    };
    const stop = stream.subscribe(take);
    const finish = (act: () => void) => {
      stop();
      act();
    };
    signal.addEventListener('abort', () => finish(() => reject(new DOMException('left', 'AbortError'))));
    take();
  });
}

/** Waits for the images themselves. */
export function wholeSlices(stream: SeriesStream, signal: AbortSignal, onCount: (count: number) => void): Promise<SliceOf> {
  return gathered(stream, ({ isPreview }) => !isPreview, signal, onCount);
}

/** Waits for a preview of every image at least. */
export function previewSlices(stream: SeriesStream, signal: AbortSignal): Promise<SliceOf> {
  return gathered(stream, () => true, signal, () => {});
}
