import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Place } from '@/lib/api/keyImages';
import { shareStream } from '@/lib/stream/shared';
import type { Findings } from './Findings';
import { release } from './held';
import type { PaneSeries } from './series';
import type { ViewState } from '../steering';
import { StackPane } from './StackPane';
import { indexOf, useSeriesImages } from './useSeriesImages';

const nothing = () => () => {};

/** A pane of the full viewer that shows a series; it begins as somebody left it. */
export function useStackPane(viewportId: string, series: PaneSeries, findings: Findings, from: ViewState) {
  const { at, seriesUid, modality, place } = series;
  const { images, error, retry } = useSeriesImages(series);
  const element = useRef<HTMLDivElement>(null);
  const [pane, setPane] = useState<StackPane | null>(null);
  const latest = useRef({ images, place, from, modality });
  useLayoutEffect(() => {
    latest.current = { images, place, from, modality };
  });
  useLayoutEffect(() => {
    if (!element.current) return undefined;
    const made = new StackPane(viewportId, element.current);
    setPane(made);
    return () => made.close();
  }, [viewportId]);
  const hasImages = images.length > 0;
  useEffect(() => {
    if (!pane || !hasImages) return undefined;
    const now = latest.current;
    const index = indexOf(now.images, now.place);
    const { stream, leave } = shareStream({ at, seriesUid }, now.images, index);
    void pane.show(stream, { modality: now.modality, at }, index, now.from).then(() => findings.drawOn(seriesUid, now.images));
    const stop = stream.subscribe(() => findings.refresh());
    return () => {
      stop();
      pane.leave();
      if (leave()) release(stream);
    };
  }, [pane, at, seriesUid, hasImages, findings]);
  useEffect(() => void pane?.extend(images), [pane, images]);
  // Places that this pane told of itself come back to it, and it may have gone on meanwhile.
  const [said] = useState(() => new WeakSet<Place>());
  useEffect(() => {
    if (pane && place && place.seriesUid === seriesUid && !said.has(place)) pane.goTo(indexOf(images, place));
  }, [pane, place, images, seriesUid, said]);
  const seen = useSyncExternalStore(pane?.subscribe.bind(pane) ?? nothing, () => pane?.state() ?? null);
  return { element, pane, seen, said, error, retry };
}
