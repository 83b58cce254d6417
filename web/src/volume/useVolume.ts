import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Image } from '@/lib/dicomweb/images';
import { shareVolume, type VolumeProgress } from './SharedVolume';

const NOTHING: VolumeProgress = { volume: null, refusal: null, count: 0, total: 0, error: null };
const nothing = () => () => {};

/** The volume of a series, as far as it is; `index` is the image around which it is fetched first. */
export function useVolume(at: StudyAt, seriesUid: string, images: readonly Image[], index: number): VolumeProgress {
  const [shared, setShared] = useState<ReturnType<typeof shareVolume>['volume'] | null>(null);
  const from = useRef(index);
  useLayoutEffect(() => {
    from.current = index;
  });
  useEffect(() => {
    if (!images.length) return undefined;
    const { volume, leave } = shareVolume(at, seriesUid, images, from.current);
    setShared(volume);
    return () => {
      leave();
      setShared(null);
    };
  }, [at, seriesUid, images]);
  return useSyncExternalStore(shared?.subscribe ?? nothing, shared?.now ?? (() => NOTHING));
}
