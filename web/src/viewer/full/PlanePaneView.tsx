import { type CSSProperties, type MouseEvent, useEffect, useState } from 'react';
import { useWords } from '@/lib/i18n';
import { problemWords } from '@/lib/i18n/problems';
import { ErrorNotice } from '@/ui/ErrorNotice';
import { useVolume } from '@/volume/useVolume';
import { EdgeLetters, Values, Warnings } from '../overlay/Overlay';
import overlay from '../overlay/Overlay.module.css';
import { SlabSettings } from '../planes/SlabSettings';
import { BRIGHTEST, type PlaneName, type Slab, THIN } from '../planes/slab';
import type { Steered } from '../steering';
import { CutsOver, useSolids } from './CutsOver';
import type { Findings } from './Findings';
import styles from './FullDesk.module.css';
import type { PlanePane } from './PlanePane';
import type { PaneSeries } from './series';
import { shownVolume, volumeNotes } from './shownVolume';
import type { Overlays } from './useOverlays';
import { usePlanePane } from './usePlanePane';
import { useSeriesImages } from './useSeriesImages';
import { VolumeWait } from './VolumeWait';

interface Props {
  viewportId: string;
  style: CSSProperties;
  series: PaneSeries;
  view: PlaneName | 'mip';
  findings: Findings;
  overlays: Overlays;
  isFocused: boolean;
  /** Whether keys are for it. */
  isInHand: boolean;
  /** Why nothing can be measured here now; null where it can. */
  onBlocked: (() => void) | null;
  onFocus: () => void;
  onPane: (viewportId: string, pane: Steered | null) => void;
}

/** A plane through the volume of a series in a pane of its own, beside panes of any kind. */
export function PlanePaneView({ viewportId, style, series, view, findings, overlays, isFocused, isInHand, onBlocked, onFocus, onPane }: Props) {
  const t = useWords();
  const { images, index, error, retry } = useSeriesImages(series);
  const progress = useVolume(series.at, series.seriesUid, images, index);
  const { volume } = progress;
  const [plane, first]: [PlaneName, Slab] = view === 'mip' ? ['axial', BRIGHTEST] : [view, THIN];
  const { element, pane, seen } = usePlanePane(viewportId, series, plane, first, volume, findings);
  const solids = useSolids(overlays, images, volume);
  useEffect(() => {
    onPane(viewportId, pane);
    return () => onPane(viewportId, null);
  }, [onPane, viewportId, pane]);
  const guard = (event: MouseEvent) => {
    onFocus();
    if (!onBlocked || !volume?.isPreview || event.button !== 0) return;
    event.stopPropagation();
    onBlocked();
  };
  const name = `${series.title} · ${t(`hanging.view.${view}`)}`;
  const shown = volume && seen ? { ...shownVolume(volume), window: seen.window, isInverted: seen.isInverted, value: seen.value } : null;
  return (
    <section className={overlay.stage} style={style} aria-label={name} data-focused={isFocused} onMouseDownCapture={guard} onTouchStartCapture={onFocus}>
      <div ref={element} className={`${overlay.picture} ${styles.viewport}`} data-plane={view} onContextMenu={(event) => event.preventDefault()} />
      <CutsOver glass={pane?.glass ?? null} solids={solids} hidden={overlays.hidden} />
      <p className={overlay.topLeft}>{name}</p>
      <Warnings shown={shown} others={volumeNotes(t, volume)} />
      {pane && seen && <EdgeLetters edges={seen.edges} />}
      {shown && <Values shown={shown} />}
      {pane && view === 'mip' && <SlabOf pane={pane} isInHand={isInHand} />}
      {error ? <div className={overlay.absent}><ErrorNotice {...problemWords(t, error)} onRetry={retry} /></div> : <VolumeWait progress={progress} />}
    </section>
  );
}

/** How thick the slab is. */
function SlabOf({ pane, isInHand }: { pane: PlanePane; isInHand: boolean }) {
  const [slab, setSlab] = useState(BRIGHTEST);
  const change = (next: Slab) => {
    setSlab(next);
    pane.setSlab(next);
  };
  return <SlabSettings slab={slab} isInHand={isInHand} onChange={change} />;
}
