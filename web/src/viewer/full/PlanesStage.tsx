import { useEffect, useState } from 'react';
import type { Window } from '@/lib/dicomweb/images';
import type { Vector } from '@/lib/geometry/vectors';
import { useWords } from '@/lib/i18n';
import { useVolume } from '@/volume/useVolume';
import { EdgeLetters, Warnings } from '../overlay/Overlay';
import overlay from '../overlay/Overlay.module.css';
import { SlabSettings } from '../planes/SlabSettings';
import { PLANES } from '../planes/slab';
import { KEYS, TILTS } from '../desk/keys';
import type { Steered } from '../steering';
import { CutsOver, useSolids } from './CutsOver';
import type { Findings } from './Findings';
import styles from './FullDesk.module.css';
import type { PlanesView } from './PlanesView';
import type { PaneSeries } from './series';
import { shownVolume, volumeNotes } from './shownVolume';
import type { Overlays } from './useOverlays';
import { usePlanes } from './usePlanes';
import { useSeriesImages } from './useSeriesImages';
import { VolumeWait } from './VolumeWait';

/** Where something lies that somebody wants to see. */
export interface Meant {
  seriesUid: string;
  points: readonly Vector[];
}

interface Props {
  series: PaneSeries;
  window: Window | null;
  findings: Findings;
  overlays: Overlays;
  onView: (view: Steered | null) => void;
  onBlocked: (() => void) | null;
  meant: Meant | null;
  /** It was gone to. */
  onShown: () => void;
}

/** A series as a volume, in three planes that cross where the reader points. */
export function PlanesStage({ series, window, findings, overlays, onView, onBlocked, meant, onShown }: Props) {
  const t = useWords();
  const { images, index } = useSeriesImages(series);
  const progress = useVolume(series.at, series.seriesUid, images, index);
  const { volume } = progress;
  const solids = useSolids(overlays, images, volume);
  const { place, view, seen } = usePlanes(progress, series, findings, window);
  useEffect(() => {
    onView(view && steered(view, window));
    return () => onView(null);
  }, [onView, view, window]);
  useEffect(() => {
    if (!view || !meant) return;
    view.goTo(meant.points);
    onShown();
  }, [view, meant, onShown]);
  const guard = (event: React.MouseEvent) => {
    if (!onBlocked || !volume?.isPreview || event.button !== 0) return;
    event.stopPropagation();
    onBlocked();
  };
  const shown = volume && shownVolume(volume);
  return (
    <div className={styles.body} onMouseDownCapture={guard}>
      <div className={styles.planes}>
        {PLANES.map((plane) => (
          <section key={plane} className={overlay.stage} aria-label={t(`volume.plane.${plane}`)} data-focused={seen?.inHand === plane}>
            <div ref={place(plane)} className={`${overlay.picture} ${styles.viewport}`} data-plane={plane} />
            <CutsOver glass={view?.plane(plane) ?? null} solids={solids} hidden={overlays.hidden} />
            <p className={overlay.topLeft}>{t(`volume.plane.${plane}`)}</p>
            {plane === 'axial' && <Warnings shown={shown} others={volumeNotes(t, volume)} />}
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

const TILT_DEGREES = 5;

/** What keys do to planes: they have no order to step through, and are tilted rather than turned. */
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
    pan: (across, down) => view.pan(across, down),
    ownKeys: {
      [KEYS.hand]: () => view.pointNext(),
      [TILTS.back]: () => view.tilt(0, TILT_DEGREES),
      [TILTS.front]: () => view.tilt(0, -TILT_DEGREES),
      [TILTS.right]: () => view.tilt(TILT_DEGREES, 0),
      [TILTS.left]: () => view.tilt(-TILT_DEGREES, 0),
    },
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
