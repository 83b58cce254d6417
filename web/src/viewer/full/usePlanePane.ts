import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Assembled } from '@/volume/Assembled';
import type { PlaneName, Slab } from '../planes/slab';
import type { Findings } from './Findings';
import { PlanePane } from './PlanePane';
import type { PaneSeries } from './series';

const nothing = () => () => {};

/** A plane through the volume of a series in a pane; none until there is something of it to see. */
export function usePlanePane(viewportId: string, series: PaneSeries, plane: PlaneName, first: Slab, volume: Assembled | null, findings: Findings) {
  const { at, seriesUid, modality, window } = series;
  const element = useRef<HTMLDivElement>(null);
  const [made, setMade] = useState<PlanePane | null>(null);
  const [isShown, setIsShown] = useState(false);
  useLayoutEffect(() => {
    if (!element.current) return undefined;
    const pane = new PlanePane(viewportId, element.current, plane, first, modality);
    setMade(pane);
    return () => pane.close();
  }, [viewportId, plane, first, modality]);
  useEffect(() => {
    if (made && window) made.setWindow(window);
  }, [made, window]);
  useEffect(() => {
    if (!made || !volume) return;
    void made.show(volume, { at, seriesUid, modality }).then(() => {
      if (!made.volume) return;
      findings.drawIn(made.volume);
      findings.refresh();
      setIsShown(true);
    });
  }, [made, volume, at, seriesUid, modality, findings]);
  const pane = isShown ? made : null;
  const seen = useSyncExternalStore(pane?.subscribe.bind(pane) ?? nothing, () => pane?.state() ?? null);
  return { element, pane, seen };
}
