import { useEffect, useMemo, useState } from 'react';
import type { Image, Window } from '@/lib/dicomweb/images';
import { useWords } from '@/lib/i18n';
import type { Assembled } from '@/volume/Assembled';
import { useVolume } from '@/volume/useVolume';
import { EdgeLetters, Warnings } from '../overlay/Overlay';
import overlay from '../overlay/Overlay.module.css';
import { SlabSettings } from '../planes/SlabSettings';
import { type PlaneName, PLANES } from '../planes/slab';
import type { Steered } from '../steering';
import { drawCuts, type Solid, solidOf } from './cuts';
import type { Findings } from './Findings';
import styles from './FullDesk.module.css';
import { OverlayCanvas } from './OverlayCanvas';
import type { PlanesView } from './PlanesView';
import type { PaneSeries } from './series';
import type { Overlays } from './useOverlays';
import { usePlanes } from './usePlanes';
import { VolumeWait } from './VolumeWait';

interface Props {
  series: PaneSeries;
  images: readonly Image[];
  index: number;
  window: Window | null;
  findings: Findings;
  overlays: Overlays;
  onView: (view: Steered | null) => void;
  onBlocked: (() => void) | null;
}

/** A series as a volume, in three planes that cross where the reader points. */
export function PlanesStage({ series, images, index, window, findings, overlays, onView, onBlocked }: Props) {
  const t = useWords();
  const [from] = useState(index);
  const progress = useVolume(series.at, series.seriesUid, images, from);
  const { volume } = progress;
  const solids = useSolids(overlays, images, volume);
  const { place, view, seen } = usePlanes(progress, series, findings, window);
  useEffect(() => {
    onView(view && steered(view, window));
    return () => onView(null);
  }, [onView, view, window]);
  const guard = (event: React.MouseEvent) => {
    if (!onBlocked || !volume?.isPreview || event.button !== 0) return;
    event.stopPropagation();
    onBlocked();
  };
  const notes = volume?.isResampled ? [t('volume.resampled')] : [];
  const shown = volume && { image: volume.sample, best: { isPreview: volume.isPreview, picture: NO_PICTURE }, error: null, window: null, isInverted: false, value: null };
  return (
    <div className={styles.body} onMouseDownCapture={guard}>
      <div className={styles.planes}>
        {PLANES.map((plane) => (
          <section key={plane} className={overlay.stage} aria-label={t(`volume.plane.${plane}`)}>
            <div ref={place(plane)} className={`${overlay.picture} ${styles.viewport}`} data-plane={plane} />
            <Over view={view} plane={plane} solids={solids} hidden={overlays.hidden} />
            <p className={overlay.topLeft}>{t(`volume.plane.${plane}`)}</p>
            {plane === 'axial' && <Warnings shown={shown} others={notes} />}
            {volume && <EdgeLetters edges={seen?.edges[plane] ?? null} />}
            {plane === 'axial' && seen?.window && <div className={overlay.bottomLeft}><p>{t('viewer.window', { ...seen.window })}</p></div>}
          </section>
        ))}
      </div>
      {view && volume && <SlabOf view={view} />}
      <VolumeWait progress={progress} />
    </div>
  );
}

/** What others drew over the series, to be cut by its planes; how an image was shown belongs to that image alone. */
function useSolids({ list }: Overlays, images: readonly Image[], volume: Assembled | null): Solid[] {
  const stacking = volume?.stacking;
  return useMemo(() => {
    if (!stacking) return [];
    return list.filter(({ parts }) => parts.length > 0).map((one) => solidOf(one, images, stacking));
  }, [list, images, stacking]);
}

interface OverProps {
  view: PlanesView | null;
  plane: PlaneName;
  solids: Solid[];
  hidden: ReadonlySet<string>;
}

function Over({ view, plane, solids, hidden }: OverProps) {
  const over = useMemo(() => {
    if (!view || !solids.length) return null;
    const draw = (context: CanvasRenderingContext2D) => drawCuts(context, solids, hidden, view.glassOf(plane), (point) => view.spotOf(plane, point));
    return { draw, onDrawn: (listener: () => void) => view.onDrawn(plane, listener) };
  }, [view, plane, solids, hidden]);
  return <OverlayCanvas over={over} />;
}

const NO_PICTURE = { kind: 'grey', width: 0, height: 0, samples: new Uint8Array(0), range: [0, 0] } as const;

/** What keys do to planes: they have no order to step through, and nothing to turn. */
function steered(view: PlanesView, window: Window | null): Steered {
  return {
    step: (steps) => view.step(steps),
    next: () => view.step(1),
    setWindow: (next) => view.setWindow(next ?? window),
    invert: () => view.invert(),
    turn: () => {},
    flip: () => {},
    zoom: (factor) => view.zoom(factor),
    reset: () => view.reset(window),
  };
}

/** How thick the planes are. */
function SlabOf({ view }: { view: PlanesView }) {
  const [slab, setSlab] = useState(view.slabNow());
  const change = (next: typeof slab) => {
    setSlab(next);
    view.setSlab(next);
  };
  return <SlabSettings slab={slab} onChange={change} />;
}
