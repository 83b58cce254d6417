import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Window } from '@/lib/dicomweb/images';
import { wholeWindow } from '@/volume/Assembled';
import type { VolumeProgress } from '@/volume/SharedVolume';
import { type PlaneName, PLANES } from '../planes/slab';
import type { Findings } from './Findings';
import { PlanesView } from './PlanesView';
import type { PaneSeries } from './series';

const nothing = () => () => {};

/** The three planes of a volume on the page. */
export function usePlanes({ volume }: VolumeProgress, series: PaneSeries, findings: Findings, window: Window | null) {
  const elements = useRef<Partial<Record<PlaneName, HTMLDivElement | null>>>({});
  const [view, setView] = useState<PlanesView | null>(null);
  const [isShown, setIsShown] = useState(false);
  const first = useRef(window);
  useLayoutEffect(() => {
    const found = elements.current;
    if (!PLANES.every((plane) => found[plane])) return undefined;
    const made = new PlanesView(found as Record<PlaneName, HTMLDivElement>);
    setView(made);
    return () => made.close();
  }, []);
  useEffect(() => {
    if (!view || !volume) return;
    void view.show(volume, series, first.current ?? volume.sample.format.window ?? wholeWindow(volume)).then(() => {
      if (view.volume) findings.drawIn(view.volume);
      setIsShown(true);
    });
  }, [view, volume, series, findings]);
  const seen = useSyncExternalStore(view?.subscribe.bind(view) ?? nothing, () => view?.state() ?? null);
  const place = (plane: PlaneName) => (element: HTMLDivElement | null) => {
    elements.current[plane] = element;
  };
  return { place, view: isShown ? view : null, seen };
}
