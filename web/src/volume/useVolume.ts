import { useEffect, useMemo, useState } from 'react';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Image } from '@/lib/dicomweb/images';
import { type Refusal, type Stacking, stackingOf } from '@/lib/geometry/stacking';
import { ceilingBytes } from '@/lib/stream/cache';
import { shareStream } from '@/lib/stream/shared';
import type { Assembled } from './Assembled';
import { assemble, volumeBytes } from './assemble';
import { previewSlices, wholeSlices } from './gathering';

export type VolumeRefusal = Refusal | 'large';

/** How far a volume is. */
export interface VolumeProgress {
  volume: Assembled | null;
  /** Why there will be none. */
  refusal: VolumeRefusal | null;
  /** How many images are here without loss. */
  count: number;
  total: number;
  error: Error | null;
}

const begun = (total: number): VolumeProgress => ({ volume: null, refusal: null, count: 0, total, error: null });

function stackingOrRefusal(images: readonly Image[]): Stacking | VolumeRefusal {
  const stacking = stackingOf(images);
  const isLarge = typeof stacking !== 'string' && volumeBytes(stacking, images[0] as Image) > ceilingBytes();
  return isLarge ? 'large' : stacking;
}

/** The volume of a series: of its previews first, where they are quicker, then of the images themselves. */
export function useVolume(at: StudyAt, seriesUid: string, images: readonly Image[], index: number): VolumeProgress {
  const [progress, setProgress] = useState<VolumeProgress>(begun(0));
  const stacking = useMemo(() => (images.length ? stackingOrRefusal(images) : null), [images]);
  useEffect(() => {
    if (!stacking || typeof stacking === 'string') return undefined;
    const stop = new AbortController();
    const { stream, leave } = shareStream({ at, seriesUid }, images, index);
    const change = (some: Partial<VolumeProgress>) => stop.signal.aborted || setProgress((now) => ({ ...now, ...some }));
    void previewSlices(stream, stop.signal)
      .then((slices) => assemble(stacking, images, slices, true))
      .then((volume) => stop.signal.aborted || setProgress((now) => (now.volume ? now : { ...now, volume })))
      .catch(() => {}); // without previews the images themselves come all the same
    void wholeSlices(stream, stop.signal, (count) => change({ count }))
      .then((slices) => assemble(stacking, images, slices, false))
      .then((volume) => change({ volume }))
      .catch((error: Error) => change({ error }));
    return () => {
      stop.abort();
      leave();
      setProgress(begun(0));
    };
  }, [at, seriesUid, images, index, stacking]);
  return { ...progress, total: images.length, refusal: typeof stacking === 'string' ? stacking : null };
}
