import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Enhancement } from '@/lib/api/enhancement';
import type { Image } from '@/lib/dicomweb/images';
import type { SeriesAt } from '@/lib/stream/frames';
import { machines } from '@/lib/stream/machines';
import { LeanView } from '../lean/LeanView';
import { EnhancedSource } from './EnhancedSource';
import { link } from './linking';

const nothing = () => () => {};

/** The stage with the enhanced image, linked with that of the original. */
export function useEnhanced(
  { at, seriesUid }: SeriesAt,
  images: readonly Image[],
  index: number,
  onIndex: (index: number) => void,
  original: LeanView | null,
  enhancement: Enhancement,
) {
  const stage = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<LeanView | null>(null);
  const [source, setSource] = useState<EnhancedSource | null>(null);
  const latest = useRef({ images, index });
  useLayoutEffect(() => {
    latest.current = { images, index };
  });
  useLayoutEffect(() => {
    if (!stage.current) return undefined;
    const made = new LeanView(stage.current);
    setView(made);
    return () => made.close();
  }, []);
  useEffect(() => {
    if (!view || !original) return undefined;
    const made = new EnhancedSource(machines(), { at, seriesUid }, latest.current.images, latest.current.index);
    view.show(made, latest.current.index);
    setSource(made);
    const unlink = link(original, view);
    return () => {
      unlink();
      made.close();
      setSource(null);
    };
  }, [at, seriesUid, view, original]);
  useEffect(() => view?.extend(images), [images, view]);
  useEffect(() => view?.goTo(index), [index, view]);
  useEffect(() => view?.follow(onIndex), [onIndex, view]);
  useEffect(() => source?.enhance(enhancement), [source, enhancement]);
  const seen = useSyncExternalStore(view?.subscribe.bind(view) ?? nothing, () => view?.state() ?? null);
  return { stage, view, seen, isWaiting: source?.isWaiting ?? false };
}
