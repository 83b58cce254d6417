import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { cutPath } from '@/lib/api/stills';
import type { Window } from '@/lib/dicomweb/images';
import { useWords } from '@/lib/i18n';
import { hotkey } from '@/ui/hotkey';
import type { Framing } from '../full/links';
import type { PaneSeries } from '../full/series';
import type { Drag } from '../lean/gestures';
import { Warnings } from '../overlay/Overlay';
import overlay from '../overlay/Overlay.module.css';
import type { PlaneName, Slab } from '../planes/slab';
import { notesOf } from './notes';
import { enlarged, FILLING, framed, placed, shifted, sideOf } from './placing';
import { StillPicture } from './StillPicture';
import styles from './Stills.module.css';
import { useHand } from './useHand';
import { useStill } from './useStill';

const STEP_MM = 2;

/** What keys do to the plane that is pointed at. */
export interface Pointed {
  step: (steps: number) => void;
  zoom: (factor: number) => void;
  /** In parts of the shorter side. */
  pan: (across: number, down: number) => void;
  reset: () => void;
  /** As far as there is something to cut. */
  goTo: (positionMm: number) => void;
  setFraming: (framing: Framing) => void;
  /** Null until the server has told where there is something to cut. */
  shown: () => { positionMm: number; framing: Framing } | null;
}

interface Props {
  series: PaneSeries;
  plane: PlaneName;
  slab: Slab;
  window: Window | null;
  isInverted: boolean;
  isFirst: boolean;
  /** Whether keys are for it. */
  isInHand: boolean;
  /** The pointer came to it. */
  onHand?: () => void;
  /** What dragging does. */
  left: Drag;
  title: string;
  onPointed: (pane: Pointed) => void;
  /** Something else may be seen of it than before. */
  onShown?: () => void;
  onWindow: (across: number, down: number) => void;
}

/** A plane that the server cuts, and the slider that says where. */
export function PlaneStill({ series, plane, slab, window, isInverted, isFirst, isInHand, onHand, left, title, onPointed, onShown, onWindow }: Props) {
  const t = useWords();
  const [placing, setPlacing] = useState(FILLING);
  const [positionMm, setPositionMm] = useState<number | null>(null);
  const still = useStill(cutPath(series, { plane, positionMm, slabMm: slab.thicknessMm, projection: slab.projection, window }));
  const { answer } = still;
  const ends = answer?.rangeMm ?? [0, 0];
  const shownMm = positionMm ?? answer?.positionMm ?? 0;
  const goTo = (mm: number) => answer && setPositionMm(Math.min(ends[1], Math.max(ends[0], mm)));
  const pane: Pointed = {
    step: (steps) => goTo(shownMm + steps * STEP_MM),
    zoom: (factor) => setPlacing((now) => enlarged(now, factor)),
    pan: (across, down) => {
      const side = sideOf(hand.current);
      setPlacing((now) => shifted(now, across * side, down * side));
    },
    reset: () => {
      setPlacing(FILLING);
      setPositionMm(null);
    },
    goTo,
    setFraming: (framing) => setPlacing(placed(framing, sideOf(hand.current))),
    shown: () => answer && { positionMm: shownMm, framing: framed(placing, sideOf(hand.current)) },
  };
  const latest = useSteady(pane);
  useEffect(() => {
    if (isInHand) onPointed(latest);
  }, [isInHand, latest, onPointed]);
  useEffect(() => onShown?.());
  const hand = useHand(
    {
      onScroll: pane.step,
      onWindow,
      onPan: (across, down) => setPlacing((now) => shifted(now, across, down)),
      onZoom: pane.zoom,
      onReset: pane.reset,
      onHover: () => {},
    },
    { left, finger: left, middle: 'pan', right: 'zoom' },
  );
  return (
    <StillPicture still={still} name={title} placing={placing} isInverted={isInverted} hand={hand} isInHand={onHand && isInHand} onEnter={onHand}>
      <p className={overlay.topLeft}>{title}</p>
      {isFirst && <Warnings shown={null} others={notesOf(t, answer)} />}
      {isFirst && window && <div className={overlay.bottomLeft}><p>{t('viewer.window', { ...window })}</p></div>}
      {answer && (
        <label className={styles.position}>
          <input
            type="range"
            min={ends[0]}
            max={ends[1]}
            step={1}
            value={shownMm}
            aria-label={t('stills.position', { plane: title })}
            {...hotkey(t('stills.position', { plane: title }), 'ArrowUp', 'ArrowDown')}
            onChange={(event) => setPositionMm(Number(event.currentTarget.value))}
          />
          <output>{`${shownMm.toFixed(1)} mm`}</output>
        </label>
      )}
    </StillPicture>
  );
}

/** Something that stays the same, and does what was said last. */
function useSteady(pane: Pointed): Pointed {
  const latest = useRef(pane);
  useLayoutEffect(() => {
    latest.current = pane;
  });
  const [steady] = useState<Pointed>(() => ({
    step: (steps) => latest.current.step(steps),
    zoom: (factor) => latest.current.zoom(factor),
    pan: (across, down) => latest.current.pan(across, down),
    reset: () => latest.current.reset(),
    goTo: (positionMm) => latest.current.goTo(positionMm),
    setFraming: (framing) => latest.current.setFraming(framing),
    shown: () => latest.current.shown(),
  }));
  return steady;
}
