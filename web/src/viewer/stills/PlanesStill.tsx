import { useCallback, useEffect, useRef, useState } from 'react';
import type { Window } from '@/lib/dicomweb/images';
import { useWords } from '@/lib/i18n';
import { DRAGS, type Tool } from '../desk/model';
import panel from '../full/FullDesk.module.css';
import type { PaneSeries } from '../full/series';
import type { Drag } from '../lean/gestures';
import { draggedWindow } from '../lean/windowing';
import { SlabSettings } from '../planes/SlabSettings';
import { PLANES, THIN } from '../planes/slab';
import type { Steered } from '../steering';
import { PlaneStill, type Pointed } from './PlaneStill';

interface Props {
  series: PaneSeries;
  tool: Tool;
  /** To begin with; null for the one that the series brings. */
  window: Window | null;
  onView: (view: Steered | null) => void;
}

/** A series in three planes that the server cuts, each at a place of its own. */
export default function PlanesStill({ series, tool, window, onView }: Props) {
  const t = useWords();
  const [first] = useState(window);
  const [shown, setShown] = useState(first);
  const [slab, setSlab] = useState(THIN);
  const [isInverted, setIsInverted] = useState(false);
  const pointed = useRef<Pointed | null>(null);
  const point = useCallback((pane: Pointed) => {
    pointed.current = pane;
  }, []);
  useEffect(() => {
    onView({
      step: (steps) => pointed.current?.step(steps),
      next: () => pointed.current?.step(1),
      setWindow: (next) => setShown(next ?? first),
      invert: () => setIsInverted((now) => !now),
      turn: () => {},
      flip: () => {},
      zoom: (factor) => pointed.current?.zoom(factor),
      reset: () => {
        setShown(first);
        setIsInverted(false);
        pointed.current?.reset();
      },
    });
    return () => onView(null);
  }, [onView, first]);
  const left: Drag = DRAGS.find((one) => one === tool) ?? 'scroll';
  return (
    <div className={panel.body}>
      <div className={panel.planes}>
        {PLANES.map((plane, at) => (
          <PlaneStill
            key={plane}
            series={series}
            plane={plane}
            slab={slab}
            window={shown}
            isInverted={isInverted}
            isFirst={at === 0}
            left={left}
            title={t(`volume.plane.${plane}`)}
            onPointed={point}
            onWindow={(across, down) => setShown((now) => now && draggedWindow(now, across, down))}
          />
        ))}
      </div>
      <SlabSettings slab={slab} onChange={setSlab} />
    </div>
  );
}
