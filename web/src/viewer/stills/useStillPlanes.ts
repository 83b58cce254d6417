import { useCallback, useEffect, useRef, useState } from 'react';
import type { Window } from '@/lib/dicomweb/images';
import { draggedWindow } from '../lean/windowing';
import type { Slab } from '../planes/slab';
import type { Steered } from '../steering';
import type { Pointed } from './PlaneStill';

/** How planes that the server cuts are seen, and what keys do to them: step and zoom to the one that is pointed at. */
export function useStillPlanes(window: Window | null, thick: Slab, onView: (view: Steered | null) => void) {
  const [first] = useState(window);
  const [shown, setShown] = useState(first);
  const [slab, setSlab] = useState(thick);
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
  const onWindow = (across: number, down: number) => setShown((now) => now && draggedWindow(now, across, down));
  return { window: shown, slab, setSlab, isInverted, onPointed: point, onWindow };
}
