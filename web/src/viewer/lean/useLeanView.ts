import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { StudyAt } from '@/lib/api/studyAddress';
import type { Image } from '@/lib/dicomweb/images';
import { machines } from '@/lib/stream/machines';
import { SeriesStream } from '@/lib/stream/SeriesStream';
import { LeanView } from './LeanView';

const nothing = () => () => {};

/** A stage of the lean viewer inside a React page, which owns the place in the series. */
export function useLeanView(
  at: StudyAt,
  seriesUid: string,
  images: Image[],
  index: number,
  onIndex: (index: number) => void,
  onView: (view: LeanView | null) => void,
) {
  const stage = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<LeanView | null>(null);
  const latest = useRef({ images, index });
  useLayoutEffect(() => {
    latest.current = { images, index };
  });
  useLayoutEffect(() => {
    if (!stage.current) return undefined;
    const made = new LeanView(stage.current);
    setView(made);
    onView(made);
    return () => {
      onView(null);
      made.close();
    };
  }, [onView]);
  useEffect(() => {
    if (!view) return undefined;
    const stream = new SeriesStream(machines(), { at, seriesUid }, latest.current.images, latest.current.index);
    view.show(stream, latest.current.index);
    return () => stream.close();
  }, [at, seriesUid, view]);
  useEffect(() => view?.extend(images), [images, view]);
  useEffect(() => view?.goTo(index), [index, view]);
  useEffect(() => view?.follow(onIndex), [onIndex, view]);
  const seen = useSyncExternalStore(view?.subscribe.bind(view) ?? nothing, () => view?.state() ?? null);
  return { stage, view, seen };
}
